#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2153 # subshells; run.bash sets NAME
#
# What other users do to root's list, sweep, enter and explain: they hold them up, fake
# members, put control characters into names, and reach for root's terminal.

load common
load run
load enemy

# -- Holding up --------------------------------------------------------------------

@test "names that removal uses itself do not hold sweep up" {
	local name

	need_users
	for name in .rzzzzzzzzzzzz .r18446744073709551614 .r9999999999 .r; do
		as_other mkdir -m 700 "$PLANTED"
		as_other mkdir "$PLANTED/$name"
		as_other touch -d '2 days ago' "$PLANTED"
		run -0 timeout 5 "$PRIVTMP" sweep --verbose
		assert_output "removed $PLANTED"
	done
	# And a directory that others can look into is none of ours.
	as_other mkdir -m 755 "$PLANTED"
	as_other touch -d '2 days ago' "$PLANTED"
	run -0 timeout 5 "$PRIVTMP" sweep --verbose
	assert_output "skipped $PLANTED: it is none of privtmp's"
	rmdir "$PLANTED"
}

# In a mount namespace: the directory is another user's file system, which answers nobody.
# shellcheck disable=SC2016
silent_mount='
	exec 9<>/dev/fuse
	mount -i -t fuse -o "fd=9,rootmode=40700,user_id=$2,group_id=$2,allow_other" theirs "$1"
	timeout 4 "$3" list 9>&- || echo "list: $?"
	[ "$4" ] || exit
	timeout 20 "$3" sweep --verbose 9>&- || echo "sweep: $?"'

@test "a file system that answers nobody holds neither list nor sweep up" {
	local own

	need_users
	[[ -c /dev/fuse ]] || skip "needs fuse"
	own=/tmp/.privtmp-$(printf %022d $$)
	as_other mkdir -m 700 "$PLANTED"
	mkdir -m 700 "$own"
	touch -d '2 days ago' "$own"
	SECONDS=0
	run unshare -m sh -c "$silent_mount" sh "$PLANTED" "$OTHER_UID" "$PRIVTMP" sweep
	rmdir "$PLANTED"
	((SECONDS < 4)) || fail "took $SECONDS seconds: $output"
	assert_line "removed $own"
	refute_output --regexp "^(list|sweep): "
	refute_output --partial "$PLANTED"
}

@test "nor does one in a session, mounted by whom it has let in" {
	local inside

	users_session
	[[ -c /dev/fuse ]] || skip "needs fuse"
	inside=$(dirname "$(find "$ROOT" -name "$NAME")")/theirs
	as_user mkdir "$inside"
	SECONDS=0
	run unshare -m sh -c "$silent_mount" sh "$inside" "$OTHER_UID" "$PRIVTMP" ''
	((SECONDS < 3)) || fail "took $SECONDS seconds: $output"
	assert_line --regexp "^$ROOT +$TEST_UID +.* live "
	refute_output --partial "cut short"
	end_session
}

@test "nor a start, at the name of a shared path" {
	local how

	need_users
	need_worlds
	[[ -c /dev/fuse ]] || skip "needs fuse"
	for how in "" "--backend mount" "--confine"; do
		# shellcheck disable=SC2086 # none, one or two words
		run world mode=1777 sh -c '
			mkdir -m 777 /tmp/.XIM-unix
			exec 9<>/dev/fuse
			mount -i -t fuse -o "fd=9,rootmode=40700,user_id=$1,group_id=$1,allow_other" \
				theirs /tmp/.XIM-unix
			shift
			timeout -k 1 4 setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
				"$@" sh -c "echo works >/tmp/x; cat /tmp/x" 9>&- || echo "status $?"' \
			sh "$OTHER_UID" "${RUN[@]}" $how
		[[ $output != *"cannot "* ]] || continue # no such door, or no Landlock, here
		assert_output works
	done
}

# silent DIRECTORY: another user, who has made it, mounts there what answers nobody. For
# shells in a mount namespace; FUSE is 9, and to be kept open.
silent='silent() {
	as "$OTHER_UID" mkdir -m 777 "$1"
	exec 9<>/dev/fuse
	mount -i -t fuse -o "fd=9,rootmode=40700,user_id=$OTHER_UID,group_id=$OTHER_UID,allow_other" \
		theirs "$1"
}
as() { setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"; }
'

@test "nor a sweep and an audit, at the name that an audit's trace has" {
	need_users
	need_worlds
	[[ -c /dev/fuse ]] || skip "needs fuse"
	run -0 world mode=1777 bash -c "$silent"'
		silent /tmp/privtmp-audit-XXXXsilent
		for call in sweep "audit --output /dev/null true"; do
			timeout -k 1 5 "$PRIVTMP" $call 9>&- || echo "$call: $?"
		done'
	assert_output ""
}

@test "nor the report of an audit, in a directory that the command has left" {
	need_users
	need_worlds
	[[ -c /dev/fuse ]] || skip "needs fuse"
	for NAME in work/theirs work theirs/in; do
		run -0 world mode=1777 bash -c "$silent"'
			mkfifo /tmp/fifo
			as "$OTHER_UID" mkdir -p -m 755 /tmp/theirs/in
			(timeout -k 1 9 "$PRIVTMP" audit sh -c "mkdir -m 777 /tmp/work; echo 12345 >/tmp/theirs/in/f
				cp /bin/sh /tmp/theirs/in; /tmp/theirs/in/sh -c \": >/tmp/made\"
				echo 12345 >/tmp/work/f; chown $OTHER_UID /tmp/work; read -r _ </tmp/fifo; :" || echo "audit: $?") &
			exec 8>/tmp/fifo
			for ((i = 0; i < 100; i++)); do [ ! -e /tmp/work/f ] || break; sleep 0.1; done
			[ "$1" = work/theirs ] || rm -r "/tmp/$1"
			silent /tmp/$1
			exec 8>&-
			wait "$!"' bash "$NAME"
		refute_line --regexp "^audit: "
		assert_line --regexp '^[0-9] processes, '
	done
}

# with_gone PLACE SCRIPT: SCRIPT where TEST_UID has a session that waits for a line in $go, and
# whose root in PLACE was removed and is another user's by now, who lets nobody know of what.
with_gone() {
	local go

	need_users
	need_worlds
	[[ -c /dev/fuse ]] || skip "needs fuse"
	go=$(scratch)/go
	mkfifo -m 666 "$go"
	run -0 world mode=1777 bash -c "$silent"'
		go=$1
		mount -t tmpfs -o mode=1777 tmp /var/tmp
		exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups env LD_PRELOAD="$SHIM" \
			bash -c "{ : >/tmp/a; : >/var/tmp/a; read -r _; read -r _; } <$go" >/dev/null 2>&1 &
		exec 8>"$go"
		echo >&8
		for ((i = 0; i < 100; i++)); do
			[ -z "$(ls "$2"/.privtmp-*/*/"$2"/a 2>/dev/null)" ] || break
			sleep 0.1
		done
		root=$(echo "$2"/.privtmp-*) helper=
		for ((i = 0; i < 100; i++)); do
			for fd in /proc/[0-9]*/fd/3; do
				[ "$(readlink "$fd")" != "$(echo /tmp/.privtmp-*)" ] || helper=${fd//[!0-9]/ }
			done
			[ -z "$helper" ] || break
			sleep 0.1
		done
		die() { kill -KILL ${helper% *} "$!"; wait "$!"; }
		rm_root() { rm -r "$root"; "${1:-silent}" "$root"; }
		closed() { as "$OTHER_UID" mkdir -m 700 "$1"; }
		'"$2" bash "$go" "$1" 2>/dev/null
}

# As where /tmp is in memory, and the machine was switched off.
@test "nor a sweep of what a dead session has left, whose root is another's by now" {
	local how

	for how in closed silent; do
		with_gone /tmp "die; rm_root $how"'
			touch -d "2 days ago" /var/tmp/.privtmp-*
			timeout -k 1 5 "$PRIVTMP" sweep --verbose 9>&- || echo "sweep: $?"'
		assert_line --regexp '^removed /var/tmp/\.privtmp-[0-9A-Za-z]{22}$'
		refute_line --regexp "^sweep: "
	done
}

@test "nor the end of a member whose root is another's by now" {
	local place

	for place in /tmp /var/tmp; do
		with_gone "$place" 'rm_root; echo >&8
			timeout 5 tail -f --pid="$!" /dev/null && echo ended || die'
		assert_output ended
	done
}

# -- Faking ------------------------------------------------------------------------

@test "a user namespace's own /tmp fakes no member of another's session" {
	dead_session
	as_other unshare -Urm true 2>/dev/null || skip "needs unprivileged user namespaces"
	enemy unshare -Urm sh -c "mount -t tmpfs mine /tmp && mkdir '$ROOT' &&
		exec '$ENEMY' map '$ROOT/lease' 30"
	wait_until 5 theirs ready || skip "cannot mount there: $(cat "$THEIRS")"
	run -0 "$PRIVTMP" list
	assert_line --regexp "^$ROOT +$TEST_UID +.* dead +0 "
	refute_output --partial tool_enemy
	run -125 "${TOOL[@]}" enter "$THEIR_PID" true
	one_line "no process in a session"
	age_of_all
	run -0 "$PRIVTMP" sweep --verbose
	assert_line "removed $ROOT"
	assert_no_session
}

@test "a mount of a root's name makes nobody a member, and enter refuses it" {
	users_session
	as_other unshare -Urm true 2>/dev/null || skip "needs unprivileged user namespaces"
	enemy unshare -Urm sh -c "mount -t tmpfs mine /mnt &&
		mkdir -p '/mnt/${ROOT##*/}/0123456789A/tmp' &&
		mount --bind '/mnt/${ROOT##*/}/0123456789A/tmp' /tmp && echo ready; exec sleep 30"
	wait_until 5 theirs ready || skip "cannot mount there: $(cat "$THEIRS")"
	run -0 "$PRIVTMP" list
	refute_output --partial "sleep 30"
	run -125 "${TOOL[@]}" enter "$THEIR_PID" true
	one_line "no process in a session"
	run "$PRIVTMP" status "$THEIR_PID"
	refute_output --partial "$ROOT"
	end_session
}

@test "a planted lease makes nobody a member, and enter refuses it" {
	need_users
	as_other mkdir -m 755 "$PLANTED"
	enemy "$ENEMY" map "$PLANTED/lease" 30
	wait_until 5 theirs ready
	run -0 "$PRIVTMP" list
	assert_line --regexp "^$PLANTED +$OTHER_UID +.* strange +0 "
	run -125 "${TOOL[@]}" enter "$THEIR_PID" true
	one_line "no process in a session"
	run -125 "${TOOL[@]}" enter "$PLANTED" true
	one_line "no such session"
	as_other chmod 700 "$PLANTED"
	run -125 "${TOOL[@]}" enter "$PLANTED" true
	one_line "has no members any more"
	rm -rf "$PLANTED"
}

@test "a process that calls itself the helper is named as what it is" {
	users_session
	start setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
		bash -c "exec 9<'$ROOT/lease'; echo privtmp-reaper >/proc/self/comm
			echo again; while :; do read -r -t 60 <>/dev/zero; done"
	wait_until 5 logged again
	run -0 "$PRIVTMP" list
	assert_line --regexp "^ +$PID bash "
	kill -KILL "$PID"
}

@test "who was let in and holds the lock is named, by list and by sweep" {
	need_users
	start env LD_PRELOAD="${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER }$SHIM" \
		setpriv --reuid="$OTHER_UID" --regid="$OTHER_UID" --clear-groups \
		sh -c "echo x >/tmp/$NAME; exec sleep 60"
	wait_until 5 has_session
	ROOT=$(new_sessions | grep '^/tmp/')
	enemy flock --shared "$ROOT/lease" sh -c 'echo ready; exec sleep 30'
	wait_until 5 theirs ready
	kill -KILL "$PID"
	wait_until 5 gone "$PID"
	run -0 "$PRIVTMP" list
	assert_line --regexp "^$ROOT .* live "
	assert_line --regexp "^ +[0-9]+ \($OTHER_UID\) (flock|sleep) "
	run -0 "$PRIVTMP" sweep --verbose
	assert_line --regexp "^skipped $ROOT: .*held by .*[0-9]+ \($OTHER_UID: (flock|sleep) "
	kill -KILL "$(pgrep -P "$THEIR_PID" -x sleep)" "$THEIR_PID" || :
	assert_no_session 5
}

has_session() { [[ -e $(new_sessions | grep '^/tmp/')/lease ]]; }

# -- Names -------------------------------------------------------------------------

# clean: the output has no control character but newlines, no formatting one, and is UTF-8.
clean() {
	! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' <<<"$output" || fail "a control character"
	! LC_ALL=C grep -q $'\xc2[\x80-\x9f]\|\xe2\x80[\x8b-\x8f\xa8-\xae]\|\xe2\x81[\xa0-\xaf]' \
		<<<"$output" || fail "a hidden character"
	iconv -f UTF-8 -t UTF-8 <<<"$output" >/dev/null || fail "no UTF-8"
}

@test "names are shown escaped, in text, in JSON and in complaints" {
	local dir evil locale

	need_users
	dir=$(scratch)
	evil=$dir/$'a\xe2\x80\xaeb\xc2\x9b31m\xe2\x81\xa6c\xff\\d\xe2\x80\x8b\xc3\xbc'
	mkdir -m 1777 "$evil"
	start setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
		"${RUN[@]}" --root "$evil" sh -c 'echo ready; exec sleep 60'
	wait_until 10 logged ready
	for locale in C C.UTF-8; do
		run -0 env LC_ALL=$locale "$PRIVTMP" list
		assert_line --partial 'a'
		clean
		assert_line --partial '\xff\\d'
		run -0 env LC_ALL=$locale "$PRIVTMP" list --format json
		clean
		assert_output --partial 'a\u202eb\u009b31m\u2066c\ufffd\\d\u200b'
		run -0 env LC_ALL=$locale "$PRIVTMP" explain "$evil/x" $'/etc/x\e[31m\ny'
		clean
		assert_line --partial '/etc/x\x1b[31m\x0ay -> '
		run -125 env LC_ALL=$locale "${TOOL[@]}" enter $'x\xc2\x9b\xe2\x80\xae\xfe' true
		clean
	done
	run -0 env LC_ALL=C.UTF-8 "$PRIVTMP" list
	assert_line --partial 'a\u202eb\u009b31m\u2066c\xff\\d\u200bü'
	end_session
}

@test "a member's arguments are shown escaped, too" {
	need_users
	enemy env LD_PRELOAD="$SHIM" bash -c $'echo x >/tmp/x; echo ready
		exec -a "a\xc2\x9b31m\xe2\x80\xae\nforged" sleep 20'
	wait_until 5 theirs ready
	wait_until 5 eval '[[ $(<"/proc/$THEIR_PID/comm") == sleep ]]'
	sleep 0.3 # for the new image to be a member
	run -0 env LC_ALL=C.UTF-8 "$PRIVTMP" list
	clean
	assert_line --regexp '^ +[0-9]+ a\\u009b31m\\u202e\?forged 20$'
}

# -- Taking ------------------------------------------------------------------------

# root_enters [OPTION]...: root's enter on a terminal of root's, whose name is in TTY.
root_enters() {
	local out=$BATS_TEST_TMPDIR/tty

	command -v script >/dev/null || skip "needs script(1)"
	rm -f "$out"
	ROOTSECRET=hunter2 start script -qec "tty >'$out'; exec 7<'$out'
		'$PRIVTMP' enter $* $SLEEP -- sleep 7.$$" /dev/null <<<''
	wait_until 10 pgrep -u "$TEST_UID" -f "^sleep 7.$$\$" >/dev/null
	INSIDE=$(pgrep -u "$TEST_UID" -f "^sleep 7.$$\$")
	TTY=$(cat "$out")
	[[ $TTY == /dev/pts/* ]]
}

@test "given root's terminal, a member of the session takes it" {
	users_session
	root_enters --tty inherit
	run -0 as_user "$ENEMY" take "$INSIDE"
	assert_line "descriptor 0 $TTY" || skip "the kernel lets nobody take descriptors"
	kill -KILL "$INSIDE"
}

@test "enter gives another's session neither root's terminal nor its environment" {
	users_session
	root_enters
	run -0 as_user "$ENEMY" take "$INSIDE"
	assert_line --regexp '^descriptor 0 /dev/pts/'
	refute_line --partial " $TTY"
	refute_output --partial "$BATS_TEST_TMPDIR/tty"
	refute_output --partial hunter2
	assert_line 'variable HOME=/'
	# Nor can it look into who carries on what is typed, or waits.
	run -0 as_user "$ENEMY" take "$(ps -o ppid= -p "$INSIDE" | tr -d ' ')"
	assert_output ""
	kill -KILL "$INSIDE"
}

@test "enter gives another's session none of root's files, and carries on what is in them" {
	local dir

	users_session
	dir=$(scratch)
	echo input >"$dir/in"
	chmod 600 "$dir/in"
	"${TOOL[@]}" enter "$SLEEP" -- sh -c 'ls -l /proc/self/fd; cat; echo error >&2; exit 3' \
		<"$dir/in" >"$dir/out" 2>"$dir/err" || assert_equal $? 3
	run -0 cat "$dir/out"
	assert_line input
	refute_output --partial "$dir"
	assert_equal "$(cat "$dir/err")" error
	# A lot of it, and an end.
	run -0 sh -c "head -c 3000000 /dev/zero | '$PRIVTMP' enter $SLEEP -- cat | wc -c"
	assert_output 3000000
	# The rest, too, for a reader who takes its time.
	run -0 sh -c "head -c 200000 /dev/zero | '$PRIVTMP' enter $SLEEP -- cat | (sleep 1; wc -c)"
	assert_output 200000
	end_session
}

@test "enter fails where the output of a command in another's session cannot be written" {
	local command

	users_session
	for command in 'echo little' 'head -c 3000000 /dev/zero'; do
		run -125 sh -c "'$PRIVTMP' enter $SLEEP -- $command >/dev/full"
		assert_output "privtmp: standard output: cannot be written: No space left on device (28); make room"
		run -125 sh -c "'$PRIVTMP' enter $SLEEP -- $command >&-"
		assert_output "privtmp: standard output: cannot be written: Bad file descriptor (9); do not close it"
	done
	run -0 sh -c "'$PRIVTMP' enter $SLEEP -- true >&-"
	assert_output ""
	# Who reads no more is not told.
	run -0 sh -c "'$PRIVTMP' enter $SLEEP -- yes | head -n 1"
	assert_output y
	end_session
}

@test "the terminal of its own has a size, takes keys, ends, and leaves root's as it was" {
	users_session
	command -v script >/dev/null || skip "needs script(1)"
	run -0 script -qec "stty rows 33 cols 77; stty -g >'$BATS_TEST_TMPDIR/before'
		'$PRIVTMP' enter $SLEEP -- sh -c 'stty size; tty; read -r a; echo got \$a; exit 4'
		echo status \$?; stty -g >'$BATS_TEST_TMPDIR/after'" /dev/null < <(sleep 1; echo keys; sleep 2)
	assert_output --partial "33 77"
	assert_output --partial "got keys"
	assert_output --partial "status 4"
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	end_session
}

@test "--env lets a variable through, and a shell is what there is without a command" {
	users_session
	run -0 env A=1 B=2 "${TOOL[@]}" enter --env A --env C=3 "$SLEEP" -- sh -c 'echo "$A$B$C"'
	assert_output 13
	run -0 "${TOOL[@]}" enter "$SLEEP" <<<'echo shell; id -u; ls /tmp'
	assert_output "$(printf '%s\n' shell "$TEST_UID" "$NAME")"
	end_session
}

# -- What root writes -------------------------------------------------------------

@test "who exchanges the directory while wrap works there has no other program replaced" {
	local theirs way

	need_users
	theirs=$(scratch)/theirs
	install -d "$theirs.roots"
	install -m 755 /bin/true "$theirs.roots/program"
	for way in '' --undo; do
		rm -rf "$theirs" "$theirs.old"
		install -d -o "$OTHER_UID" "$theirs"
		install -m 777 -o "$OTHER_UID" /bin/true "$theirs/program"
		[[ -z $way ]] || "$PRIVTMP" wrap "$theirs/program"
		enemy "$ENEMY" swap "$theirs" program "$theirs.roots"
		wait_until 5 theirs ready
		"$PRIVTMP" wrap ${way:+"$way"} "$theirs/program" || :
		wait_until 5 gone "$THEIR_PID"
		[[ -L $theirs ]] || fail "the enemy has not come to it"
		assert_equal "$(stat -c '%n %u %a' "$theirs.roots"/*)" "$theirs.roots/program 0 755"
		cmp /bin/true "$theirs.roots/program"
	done
}

@test "in users' run-time directories only the user's own roots are removed, and none elsewhere" {
	local script=$BATS_TEST_TMPDIR/script

	[[ $EUID -eq 0 ]] || skip "needs root, to make files of other users"
	unshare --mount true || skip "needs a mount namespace"
	cat >"$script" <<-'END'
		for dir in /run /tmp /var/tmp; do
			mount -t tmpfs -o mode=1777 own $dir || exit 99
		done
		mkdir -p -m 755 /run/user
		cd /run/user
		root=.privtmp-0ISX4YRuHEmk9nZCQ9fO87
		for name in 61234 61235 abc 99999999999; do
			mkdir -m 700 "$name" "$name/$root"
			chown 61234 "$name" "$name/$root"
		done
		chown 61235 61235
		mkdir -m 700 61234/.privtmp-short
		chown 61234 61234/.privtmp-short
		touch -d '-5 min' */.privtmp*
		"$PRIVTMP" list --format json
		setpriv --reuid 61235 --clear-groups "$PRIVTMP" sweep; echo "other: $?"
		"$PRIVTMP" sweep --own --verbose; echo "own: $?"
		"$PRIVTMP" sweep --dry-run; echo "dry: $?"
		"$PRIVTMP" sweep --verbose; echo "all: $?"
		for root in /run/user/*/.privtmp*; do echo "left $root"; done
	END
	run timeout 60 unshare --mount bash "$script"
	[[ $status -ne 99 ]] || skip "nothing can be mounted there: $output"
	assert_line --regexp '"/run/user/61234/.privtmp-0ISX4YRuHEmk9nZCQ9fO87"'
	refute_line --regexp '"/run/user/(abc|9)|short"'
	assert_line "own: 0"
	assert_line --regexp '^would remove /run/user/61234/.privtmp-0ISX4YRuHEmk9nZCQ9fO87'
	assert_line "removed /run/user/61234/.privtmp-0ISX4YRuHEmk9nZCQ9fO87"
	assert_line "skipped /run/user/61235/.privtmp-0ISX4YRuHEmk9nZCQ9fO87: it is none of privtmp's"
	assert_line "all: 0"
	assert_equal "$(grep '^left ' <<<"$output" | sed 's,^left /run/user/,,; s,/.privtmp-0.*,,' | xargs)" \
		"61234/.privtmp-short 61235 99999999999 abc"
}
