# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153 # subshells; run.bash has NAME and LOG
#
# privtmp list, sweep and enter.

load common
load run

need_jq() {
	command -v jq >/dev/null || skip "needs jq"
}

# make_dead: a session that nobody is a member of, as a power failure leaves it.
make_dead() {
	"${RUN[@]}" --keep failure sh -c "echo x >/tmp/$NAME; echo x >/var/tmp/$NAME; exit 1" \
		>/dev/null 2>&1 || :
	ROOT=$(new_sessions | grep '^/tmp/')
	rm "$ROOT/failed" # not kept after all
}

# age [ROOT]...: make the roots, or all new ones, look two minutes old.
age() {
	(($#)) || mapfile -t < <(new_sessions)
	touch -h -d '2 minutes ago' "$@" "${MAPFILE[@]}"
}

# -- list -----------------------------------------------------------------------

@test "list shows each session with its members, files and size" {
	start_session
	run -0 "$PRIVTMP" list
	assert_line --index 0 --regexp '^SESSION +OWNER +AGE +STATE +MEMBERS +FILES +SIZE$'
	assert_line --regexp "^$ROOT +$(id -un) +[0-9]+s live +2 +2 +[0-9]+[BK]\$"
	assert_line --regexp "^ +$PID .*privtmp run "
	assert_line --regexp "^ +[0-9]+ sleep 60\$"
	end_session
	run -0 "$PRIVTMP" list
	refute_output --partial "$ROOT"
}

@test "list --format json says the same to programs" {
	need_jq
	start_session
	run -0 "$PRIVTMP" list --format json
	# shellcheck disable=SC2016 # jq's own
	run -0 jq -r --arg root "$ROOT" '.sessions[] | select(.root == $root) |
		.state, .uid, .files, (.members | length), .members[1].command,
		.guards[0].view, .guards[0].backing' <<<"$output"
	assert_output "$(printf '%s\n' live "$(id -u)" 2 2 "sleep 60" /tmp "$(echo "$ROOT"/???????????)/tmp")"
	end_session
	run -0 "$PRIVTMP" list --format json
	jq -e .sessions <<<"$output" >/dev/null
}

@test "a member's arguments cannot break the list's lines or its JSON" {
	need_jq
	start "${RUN[@]}" sh -c 'echo ready; sleep 60; :' $'evil\n\e[31m"\\\xff'
	wait_until 10 logged ready
	run -0 "$PRIVTMP" list
	assert_line --partial 'evil??[31m'
	run -0 "$PRIVTMP" list --format json
	jq -e '.sessions[].members[].command | select(contains("evil"))' <<<"$output" >/dev/null
	kill -TERM "$(child_of "$(child_of "$PID" sh)" sleep)"
	ends "$PID" 0
}

@test "list shows a session with a root of its own, wherever that is" {
	local dir

	dir=$(scratch)
	start "${RUN[@]}" --root "$dir" sh -c "echo ready; exec sleep 60"
	wait_until 10 logged ready
	run -0 "$PRIVTMP" list
	assert_line --regexp "^$dir/.privtmp-[^ ]* .* live "
	kill -TERM "$PID"
	ends "$PID" 143
}

@test "another user's sessions are listed, and not looked into" {
	need_users
	start_session
	run -0 as_other "$PRIVTMP" list
	assert_line --regexp "^$ROOT +[^ ]+ +- closed +0 +- +-\$"
	run -0 as_other "$PRIVTMP" sweep
	run -125 as_other "${TOOL[@]}" enter "$ROOT" ls /tmp
	assert_output --partial "only its owner and root may"
	[[ -d $ROOT ]]
	end_session
}

@test "list fits the terminal, and what it shows of a session's name is one for enter" {
	local columns begin

	start_session
	for columns in 40 60 80 100; do
		run -0 on_terminal "$columns" "'$PRIVTMP' list"
		[[ -z $(awk -v most="$columns" 'length($0) > most' <<<"$output") ]] ||
			fail "wider than $columns: $output"
		assert_line --index 0 --regexp '^SESSION .*STATE .*SIZE$'
		assert_line --partial " live "
	done
	run -0 on_terminal 40 "'$PRIVTMP' list"
	begin=$(awk '/ live / { print $1 }' <<<"$output")
	[[ ${ROOT##*-} == "$begin"* && ${#begin} -ge 12 ]]
	run -0 "${TOOL[@]}" enter "$begin" cat "/tmp/$NAME"
	assert_output first
	run -0 on_terminal 100 "'$PRIVTMP' list"
	assert_line --regexp "^$ROOT +$(id -un) "
	# COLUMNS goes before.
	run -0 on_terminal 100 "COLUMNS=50 '$PRIVTMP' list"
	[[ -z $(awk 'length($0) > 50' <<<"$output") ]]
	end_session
}

@test "status, doctor and --help fit the terminal, and in a pipe their lines are whole" {
	local columns words

	start_session
	for words in --help "run --help" "list --help" "status $PID true no-such.service" "doctor --verbose"; do
		# shellcheck disable=SC2086 # words
		"$PRIVTMP" $words >"$BATS_TEST_TMPDIR/whole" || :
		[[ -n $(awk 'length($0) > 60' "$BATS_TEST_TMPDIR/whole") ]]
		for columns in 20 40 80; do
			run on_terminal "$columns" "'$PRIVTMP' $words"
			[[ -z $(awk -v most="$columns" 'length($0) > most' <<<"$output") ]] ||
				fail "wider than $columns: $output"
			# Nothing is lost.
			diff <(tr -d ' \n' <"$BATS_TEST_TMPDIR/whole") <(tr -d ' \n' <<<"$output")
		done
	done
	# A name that fits is in one piece.
	run -0 on_terminal 40 "'$PRIVTMP' status $PID"
	assert_output --partial "$ROOT"
	run on_terminal 100 "COLUMNS=30 '$PRIVTMP' doctor --verbose"
	[[ -z $(awk 'length($0) > 30' <<<"$output") ]]
	end_session
}

@test "list --sort puts the largest, fullest or oldest first" {
	local first second

	start_session
	first=$ROOT
	local one=$PID
	STRANGE+=" $one"
	LOG=$BATS_TEST_TMPDIR/log2
	start "${RUN[@]}" sh -c 'head -c 1000000 /dev/zero >/tmp/large; echo ready; exec sleep 60'
	wait_until 10 logged ready
	second=$(new_sessions | grep '^/tmp/' | grep -v "$first")
	touch -d '1 hour ago' "$first"
	run -0 "$PRIVTMP" list --sort size
	assert_equal "$(grep -oE '^/tmp[^ ]*' <<<"$output" | head -n 1)" "$second"
	run -0 "$PRIVTMP" list --sort files
	assert_equal "$(grep -oE '^/tmp[^ ]*' <<<"$output" | head -n 1)" "$first"
	run -0 "$PRIVTMP" list --sort age
	assert_equal "$(grep -oE '^/tmp[^ ]*' <<<"$output" | head -n 1)" "$first"
	run -2 "$PRIVTMP" list --sort colour
	assert_output --partial "use owner, age, members, files or size"
	end_session
	PID=$one end_session
}

@test "list and sweep take no operand and know their options" {
	run -2 "$PRIVTMP" list word
	one_line "list takes no operand; see privtmp list --help"
	run -2 "$PRIVTMP" sweep word
	one_line "word: sweep takes no operand; see privtmp sweep --help"
	run -2 "$PRIVTMP" sweep --format json
	one_line "--format: unknown option"
	run -2 "$PRIVTMP" list --format xml
	one_line "use text or json"
	run -2 "$PRIVTMP" no-such-subcommand
	one_line "no-such-subcommand: unknown subcommand; see privtmp --help"
}

# -- sweep ------------------------------------------------------------------------

@test "list, sweep and enter fail, and say why, where files cannot be opened" {
	start_session
	for tool in list "sweep --dry-run" "enter $PID true"; do
		for most in 3 4 5 6 8 12; do
			# shellcheck disable=SC2086 # its words
			run bash -c "ulimit -n $most; exec \"\$@\"" - "$PRIVTMP" $tool
			# A tool with shared libraries is not even loaded.
			[[ $output != *"loading shared libraries"* ]] || continue
			((status == 1 || status == 125)) ||
				fail "$tool, $most descriptors: $status, $output"
			assert_output --partial "Too many open files"
			assert_output --partial "raise the limit of open files"
		done
		# shellcheck disable=SC2086
		run -0 bash -c 'ulimit -Sn 12; exec "$@"' - "$PRIVTMP" $tool
		refute_output --partial privtmp:
	done
	end_session
}

@test "sweep removes a dead session with all its roots" {
	make_dead
	run -0 "$PRIVTMP" list
	assert_line --regexp "^$ROOT .* dead "
	run -0 "$PRIVTMP" sweep --dry-run
	assert_line "would remove $ROOT"
	assert_equal "$(new_sessions | wc -l)" 2
	run -0 "$PRIVTMP" sweep --verbose
	assert_line "removed $ROOT"
	assert_no_session 0
	run -0 "$PRIVTMP" sweep --verbose
	assert_output ""
}

@test "sweep leaves a live session alone, old or not" {
	start_session
	age "$ROOT"/*
	age
	run -0 "$PRIVTMP" sweep --all
	assert_output ""
	run -0 "$PRIVTMP" sweep --all --verbose
	assert_line --regexp "^skipped $ROOT: its helper watches it; held by .*\($(id -un): sleep 60\)"
	assert_equal "$(grep -o "$PID ($(id -un):" <<<"$output" | wc -l)" 1
	assert_equal "$(new_sessions | wc -l)" 2
	run -0 "${TOOL[@]}" enter "$PID" cat "/tmp/$NAME" "/var/tmp/$NAME"
	assert_output "$(printf 'first\nsecond')"
	end_session
	assert_no_session 0
}

@test "sweep leaves a session alone whose lease it does not come by" {
	local dir

	dir=$(scratch)
	# The first guard's root holds the lease, and nobody looks there.
	start_session --guard '' --guard "$dir" --guard /var/tmp
	assert_equal "$(new_sessions | wc -l)" 1
	age
	run -0 "$PRIVTMP" sweep
	assert_output ""
	assert_equal "$(new_sessions | wc -l)" 1
	end_session
	assert_no_session 0
}

@test "sweep removes a root without a lease when it is a minute old, not before" {
	local root=/tmp/.privtmp-0123456789abcdefghijkl

	mkdir -m 700 "$root"
	mkdir -p "$root/tmp/dir/dir"
	run -0 "$PRIVTMP" sweep --verbose
	assert_output "skipped $root: it may be in the making"
	age "$root"
	run -0 "$PRIVTMP" sweep --dry-run
	assert_output "would remove $root"
	[[ -d $root ]]
	run -0 "$PRIVTMP" sweep --verbose
	assert_output "removed $root"
	assert_no_session 0
}

@test "sweep removes a second root whose session is gone when it is a minute old" {
	local root

	make_dead
	root=$(new_sessions | grep '^/var/tmp/')
	rm -rf "$ROOT"
	run -0 "$PRIVTMP" sweep --verbose
	assert_output "skipped $root: it may be in the making"
	age "$root"
	run -0 "$PRIVTMP" sweep --dry-run
	assert_output "would remove $root"
	run -0 "$PRIVTMP" sweep --verbose
	assert_output "removed $root"
	assert_no_session 0
}

@test "sweep takes nothing for a session that is not named like one" {
	local name

	for name in .privtmp-short .privtmp-0123456789abcdefghijk/ .privtmp-0123456789abcdefghijk+ \
		privtmp-0123456789abcdefghijkl; do
		mkdir "/tmp/$name"
		age "/tmp/$name"
	done
	ln -s /etc /tmp/.privtmp-0123456789abcdefghijkl
	run -0 "$PRIVTMP" sweep --verbose
	assert_output ""
	rm /tmp/.privtmp-0123456789abcdefghijkl
	rmdir /tmp/.privtmp-short /tmp/.privtmp-0123456789abcdefghijk{,+} \
		/tmp/privtmp-0123456789abcdefghijkl
}

@test "as root, sweep removes another user's dead session" {
	need_users
	RUN=(setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups "${RUN[@]}")
	make_dead
	assert_equal "$(stat -c %u "$ROOT")" "$TEST_UID"
	run -0 as_other "$PRIVTMP" sweep --verbose
	assert_line "skipped $ROOT: it is another user's"
	run -0 as_other "$PRIVTMP" sweep
	assert_output ""
	run -0 "$PRIVTMP" sweep --verbose
	assert_line "removed $ROOT"
	assert_no_session 0
}

# forge ROOT: make the lease claim that ROOT is one of its session, in place, for the
# lock is the file's.
forge() {
	local text

	text=$(sed "s|^guard .*/var/tmp\$|guard $1/0123456789a\t/var/tmp|" "$ROOT/lease")
	grep -q "^guard $1" <<<"$text"
	echo "$text" >"$ROOT/lease"
}

# forged: a dead session of another user whose lease claims that the directory $1
# is a root of its own.
forged() {
	RUN=(setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups "${RUN[@]}")
	make_dead
	forge "$1"
}

@test "as root, sweep removes nothing because another user's lease says so" {
	local dir root=.privtmp-0123456789abcdefghijkl

	need_users
	dir=$(scratch)
	mkdir -m 700 "$dir/$root"
	mkdir "$dir/$root/precious"
	forged "$dir/$root"
	# A lease may name whatever its owner likes.
	run -0 as_user "$PRIVTMP" list
	age
	run -0 "$PRIVTMP" sweep --verbose
	assert_line "removed $ROOT"
	[[ -d $dir/$root/precious ]]
	assert_no_session 0
}

@test "a lease cannot have other users' roots removed or kept" {
	local victim=/var/tmp/.privtmp-0123456789abcdefghijkl

	need_users
	mkdir -m 700 "$victim"
	mkdir -p "$victim/var/tmp"
	forged "$victim"
	run -0 "$PRIVTMP" sweep --verbose
	assert_line "removed $ROOT"
	[[ -d $victim ]]
	# A live one does not protect it, either.
	start_session
	forge "$victim"
	age
	run -0 "$PRIVTMP" sweep --verbose
	assert_line "removed $victim"
	[[ -d $ROOT ]]
	end_session
	no_new_session || age
	run -0 "$PRIVTMP" sweep
	assert_no_session 5
}

@test "sweep follows no link that was put in a root's place" {
	local dir

	need_users
	dir=$(scratch)
	mkdir "$dir/precious"
	chmod 755 "$dir"
	RUN=(setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups "${RUN[@]}")
	make_dead
	as_user sh -c "cd '$ROOT'/???????????; rm -r tmp; ln -s '$dir' tmp; mkdir '$ROOT/other'
		ln -s '$dir' '$ROOT/other/link'"
	run -0 "$PRIVTMP" sweep --verbose
	assert_line "removed $ROOT"
	[[ -d $dir/precious ]]
	assert_no_session 0
}

@test "sweep names what it cannot remove, removes the rest and fails" {
	need_worlds
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -1 world mode=1777 sh -c '
		mkdir -m 700 /tmp/.privtmp-0123456789abcdefghijkl
		mkdir -p /tmp/.privtmp-0123456789abcdefghijkl/tmp/dir/mount
		echo x >/tmp/.privtmp-0123456789abcdefghijkl/tmp/file
		touch -d "2 minutes ago" /tmp/.privtmp-0123456789abcdefghijkl
		mount -t tmpfs inner /tmp/.privtmp-0123456789abcdefghijkl/tmp/dir/mount
		"$0" sweep
		status=$?
		find /tmp -name file
		exit $status' "$PRIVTMP"
	one_line "/mount: cannot be removed: Device or resource busy"
}

# -- enter ---------------------------------------------------------------------------

@test "enter runs a command in the session, by its root, its id, its id's beginning or a pid" {
	local session further

	start_session
	for session in "$ROOT" "${ROOT##*/}" "${ROOT##*-}" "${ROOT:14:8}" "$PID" \
		"$(child_of "$PID" sleep)"; do
		run -0 "${TOOL[@]}" enter "$session" -- cat "/tmp/$NAME"
		assert_output first
	done
	# And by that of its /var/tmp, which someone sees who looks there.
	"${TOOL[@]}" enter "$PID" sh -c 'echo there >/var/tmp/there'
	further=$(new_sessions | grep '^/var/tmp/')
	for session in "$further" "${further##*/}" "${further##*-}"; do
		run -0 "${TOOL[@]}" enter "$session" cat /var/tmp/there
		assert_output there
	done
	run -0 "${TOOL[@]}" enter -- "$PID" sh -c "echo third >/tmp/third-$NAME; ls /tmp"
	assert_line "third-$NAME"
	run -7 "${TOOL[@]}" enter "$PID" sh -c 'exit 7'
	end_session
	[[ ! -e /tmp/third-$NAME ]]
	assert_no_session 0
}

@test "a script whose first line is enter itself runs in the session, once" {
	local dashes

	/usr/bin/env -S true 2>/dev/null || skip "env has no -S"
	start_session
	for dashes in "" " --"; do
		printf '#!/usr/bin/env -S %s enter %s%s\necho "$1" >>/tmp/entered; cat /tmp/entered\n' \
			"$PRIVTMP" "${ROOT##*/}" "$dashes" >"$BATS_TEST_TMPDIR/script"
		chmod 755 "$BATS_TEST_TMPDIR/script"
		run -0 timeout 10 "$BATS_TEST_TMPDIR/script" word
		assert_line word
	done
	assert_output $'word\nword'
	end_session
}

@test "enter without a command opens a shell" {
	start_session
	run -0 env SHELL="$(type -P bash)" "${TOOL[@]}" enter "$PID" <<<'ls /tmp; echo "$0"'
	assert_output "$(printf '%s\n' "$NAME" "$(type -P bash)")"
	# A shell that completes the root's name ends it with a slash.
	run -0 "${TOOL[@]}" enter "$ROOT/" ls /tmp
	assert_output "$NAME"
	# Where the environment names none, sh.
	run -0 env -u SHELL "${TOOL[@]}" enter "${ROOT##*-}" <<<'echo "$0"'
	assert_output /bin/sh
	end_session
}

@test "who enters from /tmp arrives in the session's" {
	start_session
	cd /tmp
	run -0 "${TOOL[@]}" enter "$PID" sh -c 'pwd; ls -A'
	assert_output "$(printf '/tmp\n%s' "$NAME")"
	end_session
}

@test "as root, enter runs the command as the session's owner" {
	need_users
	RUN=(setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups "${RUN[@]}")
	start_session
	run -0 "${TOOL[@]}" enter "$PID" sh -c "id -u; id -g; cat /tmp/$NAME"
	assert_output "$(printf '%s\n' "$TEST_UID" "$TEST_UID" first)"
	end_session
}

@test "as root, enter gives an owner who has an account that account's groups, and no others" {
	local files by

	need_users
	files=$(scratch)
	printf '%s\n' root:x:0:0::/root:/bin/sh "ours:x:$TEST_UID:$TEST_UID::/home/ours:/bin/sh" \
		>"$files/passwd"
	printf '%s\n' first:x:71001:root,ours second:x:71002:nobody third:x:71003:ours \
		>"$files/group"
	RUN=(setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups "${RUN[@]}")
	start_session
	# By id(1), and by the file where that says nothing.
	for by in "$(type -P id)" /bin/false; do
		run -0 unshare --mount sh -c 'mount --bind "$1/passwd" /etc/passwd
			mount --bind "$1/group" /etc/group
			mount --bind "$2" "$(readlink -f "$3")"
			shift 3
			exec "$@"' sh "$files" "$by" "$(type -P id)" \
			"${TOOL[@]}" enter "$PID" -- sh -c 'grep ^Groups: /proc/self/status; echo "$HOME $USER"'
		assert_output --regexp "^Groups:.($TEST_UID )+71001 71003 .*/home/ours ours\$"
	done
	end_session
}

@test "who has entered keeps the session alive, and the last one out removes it" {
	local inside

	start_session
	"${TOOL[@]}" enter "$PID" sh -c 'sleep 60; :' 3>&- &
	inside=$!
	STRANGE+=" $inside"
	wait_until 10 child_of "$inside" sh
	STRANGE+=" $(child_of "$inside" sh)"
	kill -TERM "$(child_of "$PID" sleep)"
	sleep 0.5
	is_running "$PID"
	[[ -d $ROOT ]]
	kill -KILL "$(child_of "$(child_of "$inside" sh)" sleep)"
	ends "$inside" 0
	ends "$PID" 143
	assert_no_session 0
}

@test "a list that cannot be written is a failure, once and again" {
	start_session
	for again in "" --watch; do
		run -1 timeout 20 sh -c '"$0" list $1 >/dev/full' "$PRIVTMP" "$again"
		one_line "standard output: cannot be written"
	done
	end_session
}

@test "what is no session, or a dead one, cannot be entered" {
	run -125 "${TOOL[@]}" enter no-such-session ls
	one_line "no-such-session: no such session; see privtmp list"
	run -125 "${TOOL[@]}" enter $$ ls
	one_line "no process in a session"
	# The last is this shell's, in 32 bits.
	for number in 0 99999999999999999999 $(((1 << 32) + $$)); do
		run -125 "${TOOL[@]}" enter "$number" ls
		one_line "$number: no process in a session"
	done
	run -125 "${TOOL[@]}" enter
	one_line "no session given"
	make_dead
	run -125 "${TOOL[@]}" enter "$ROOT" ls
	one_line "has no members any more"
	"$PRIVTMP" sweep
	assert_no_session 0
}
