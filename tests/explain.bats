#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2030,SC2031,SC2153 # each test is a subshell; run.bash sets NAME
#
# privtmp explain: where a path leads, and why.

load common
load run

@test "explain says where a path leads, and why" {
	run -0 "$PRIVTMP" explain /tmp/x /var/tmp /etc/passwd /tmp/.X11-unix/X0 /tmpfoo
	assert_line --index 0 "/tmp/x -> /tmp/.privtmp-<id>/<secret>/tmp/x (private: below the guarded directory /tmp, by default)"
	assert_line --index 1 "/var/tmp -> /var/tmp/.privtmp-<id>/<secret>/var/tmp (private: below the guarded directory /var/tmp, by default)"
	assert_line --index 2 "/etc/passwd -> /etc/passwd (not touched: in no guarded directory)"
	assert_line --index 3 "/tmp/.X11-unix/X0 -> /tmp/.X11-unix/X0 (shared: it matches /tmp/.X11-unix, by default)"
	assert_line --index 4 "/tmpfoo -> /tmpfoo (not touched: in no guarded directory)"
	assert_no_session 0
}

@test "explain follows dots as the kernel would" {
	cd /
	run -0 "$PRIVTMP" explain /tmp/../etc/passwd ////tmp/./x etc/../tmp/x
	assert_line --index 0 --partial "-> /etc/passwd (not touched"
	assert_line --index 1 --partial "(private"
	assert_line --index 2 --partial "-> /tmp/.privtmp-<id>/<secret>/tmp/x (private"
	cd /tmp
	run -0 "$PRIVTMP" explain x ../etc/x
	assert_line --index 0 "x -> /tmp/.privtmp-<id>/<secret>/tmp/x (private: below the guarded directory /tmp, by default)"
	assert_line --index 1 --partial "-> /etc/x (not touched"
}

@test "explain warns of what is not private" {
	local dir

	dir=$(scratch)
	ln -s /tmp "$dir/link"
	run -0 "$PRIVTMP" explain "$dir/link/x"
	assert_output "$dir/link/x -> /tmp/x (NOT private: by a link from outside into /tmp, by default)"
	mkdir "/tmp/$NAME"
	cd "/tmp/$NAME"
	run -0 "$PRIVTMP" explain x
	assert_output "x -> /tmp/$NAME/x (shared: it matches /tmp/$NAME, by its owner, who starts there)"
	chmod 777 .
	run -2 "$PRIVTMP" explain x
	assert_output --partial "others can write to the working directory"
	cd /
	rmdir "/tmp/$NAME"
}

@test "explain knows the options, and the session that it runs in" {
	local dir

	dir=$(scratch)
	run -0 "$PRIVTMP" explain --guard "$dir" --share '/tmp/keep*' "$dir/x" /tmp/keep1
	assert_line --index 0 --partial "(private: below the guarded directory $dir, by --guard)"
	assert_line --index 1 --partial "(shared: it matches /tmp/keep*, by --share)"
	run -0 "${RUN[@]}" --share '/tmp/keep*' "$PRIVTMP" explain /tmp/x /tmp/keep1
	assert_line --index 0 --regexp '-> /tmp/.privtmp-[0-9A-Za-z]{22}/[0-9A-Za-z]{11}/tmp/x '
	assert_line --index 1 --partial "(shared: it matches /tmp/keep*, by the session)"
}

@test "explain --format json says the same to programs" {
	command -v jq >/dev/null || skip "needs jq"
	run -0 "$PRIVTMP" explain --format json /tmp/x $'/etc/a"\n\xff'
	run -0 jq -r '.paths[] | .why, .by, .leads_to' <<<"$output"
	assert_line --index 0 guarded
	assert_line --index 1 /tmp
	assert_line --index 3 elsewhere
}

@test "explain without a path, or with an empty one, fails" {
	run -2 "$PRIVTMP" explain
	one_line "no path given"
	run -1 "$PRIVTMP" explain ""
	assert_output --partial "leads nowhere: No such file or directory"
	assert_no_session 0
}

@test "explain refuses a program that is not there, and finds others as a command is found" {
	local name DIR

	DIR=$(scratch)
	cp "$(type -P true)" "$DIR/prog"
	for name in "no-such-$NAME" ./none /none/program; do
		run -2 "$PRIVTMP" explain --program "$name" /tmp/x
		one_line "--program $name: no such command: No such file or directory (2); check its name and PATH"
	done
	run -2 "$PRIVTMP" explain --program "" /tmp/x
	one_line "--program '': no such command"
	run -2 "$PRIVTMP" explain --program "$DIR" /tmp/x
	one_line "--program $DIR: cannot be run: Is a directory (21); name a program"
	run -2 "$PRIVTMP" explain --program /etc/passwd /tmp/x
	one_line "--program /etc/passwd: cannot be run"
	for name in "$DIR/prog" sh; do
		run -0 env PATH="$DIR:$PATH" "$PRIVTMP" explain --program "$name" /tmp/x
		assert_output --partial "private: below the guarded directory /tmp"
	done
	# One that only others may execute is answered for.
	chmod 010 "$DIR/prog"
	run -0 "$PRIVTMP" explain --program "$DIR/prog" /tmp/x
	assert_no_session 0
}

@test "a path that is too long for any call leads nowhere" {
	local name

	name=$(printf %04090d 0)
	run -0 "$PRIVTMP" explain "/tmp/$name"
	run -1 "$PRIVTMP" explain "/tmp/0$name" "/etc/0$name"
	assert_equal "${#lines[@]}" 2
	[[ ${lines[0]} == *"0...: leads nowhere: File name too long (36); use a shorter path" ]]
}

@test "a guarded directory that is a file is refused, where no stranger can have made it" {
	local command dir status

	dir=$(scratch)
	: >"$dir/file"
	for command in "run" "audit" "explain" "wrap"; do
		[[ $command == run || $command == audit ]] && status=125 || status=2
		run -"$status" "$PRIVTMP" "$command" --guard "$dir/file" /bin/true
		one_line "--guard $dir/file: is not a directory; name the directory that it is in"
	done
	# It may be made later; and what lies in /tmp is private, whoever made it.
	run -0 "$PRIVTMP" explain --guard "$dir/none" "$dir/none/x"
	: >"/tmp/$NAME"
	run -0 "${RUN[@]}" --guard "/tmp/$NAME" sh -c "mkdir /tmp/$NAME"
	assert_no_session
}
