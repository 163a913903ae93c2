# SPDX-License-Identifier: LGPL-2.1-or-later
# However its last member dies, a session is gone at once. No launcher: what is
# tested is the shim alone, and the helper that it starts.

load common

# How long after a death the session may still be there, in milliseconds.
LIMIT=100

setup() {
	SHIMMED=(env "LD_PRELOAD=${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER }$SHIM")
}

teardown() {
	[[ -z ${PROGRAM:-} ]] || kill -KILL "$PROGRAM" 2>/dev/null || :
}

# dies HOW STATUS: a program that dies so ends with STATUS, and its session within
# LIMIT of that. On a busy machine a helper may have to wait for its turn: the
# best of three counts, but each time the session has to go.
dies() {
	if [[ -n ${PRIVTMP_SANITIZER:-} && $1 =~ segv|malloc|stack ]]; then
		skip "the sanitizers catch this before"
	fi
	for _ in 1 2 3; do
		run "$PROGS/life_gone" "$LIMIT" "${SHIMMED[@]}" "$PROGS/life_die" "$1"
		assert_line --regexp "^ended $2, gone after [0-9]+ ms\$"
		[[ $status -ne 0 ]] || return 0
	done
	fail "three times later than $LIMIT ms: $output"
}

@test "the measure itself: without the shim there is no session to be gone" {
	run -2 "$PROGS/life_gone" "$LIMIT" true
	assert_output "ended 0, had no session"
}

@test "a program that returns from main leaves nothing" { dies return 0; }
@test "a program that calls exit leaves nothing" { dies exit 0; }
@test "a program that calls _exit leaves nothing" { dies _exit 0; }
@test "a program that calls _Exit leaves nothing" { dies _Exit 0; }
@test "a program that calls quick_exit leaves nothing" { dies quick_exit 0; }
@test "a program that aborts leaves nothing" { dies abort 134; }
@test "a program that is SIGKILLed leaves nothing" { dies SIGKILL 137; }
@test "a program that a SIGTERM ends leaves nothing" { dies SIGTERM 143; }
@test "a program that a SIGBUS ends leaves nothing" { dies SIGBUS 135; }
@test "a program that crashes leaves nothing" { dies segv 139; }
@test "a program that crashes inside malloc leaves nothing" { dies malloc 134; }
@test "a program whose stack overflows leaves nothing" { dies stack 139; }
@test "a program that cannot execute another leaves nothing" { dies exec 0; }
@test "a program whose main thread has ended first leaves nothing" { dies pthread_exit 0; }
@test "a program that exits in a signal handler leaves nothing" { dies handler 0; }
@test "what atexit handlers write is removed too" { dies atexit 0; }
@test "what at_quick_exit handlers write is removed too" { dies at_quick_exit 0; }

@test "a program that exits in one thread while others write leaves nothing" {
	for _ in 1 2; do
		dies thread 0
	done
}

# -- The helper -----------------------------------------------------------------

# start SCRIPT: a shell as PROGRAM in the background, under the shim; SCRIPT is to
# use /tmp, and to read a line as long as the helper is needed (see go). Sets ROOT,
# its session's, and HELPER, the reaper's pid.
start() {
	mkfifo "$BATS_TEST_TMPDIR/go"
	exec {GO}<>"$BATS_TEST_TMPDIR/go"
	"${SHIMMED[@]}" sh -c "$1" <&"$GO" >"$BATS_TEST_TMPDIR/out" 3>&- {GO}>&- &
	PROGRAM=$!
	wait_until 10 helper_is_there || fail "no helper for $1"
}

go() { echo go >&"$GO"; }

helper_is_there() {
	ROOT=$(new_sessions | grep ^/tmp/) && HELPER=$(helper_of "$ROOT")
}

no_helper() { ! helper_of "$ROOT" >/dev/null; }

@test "no wait, signal, descriptor, handler or mask shows the helper to the program" {
	run -0 "${SHIMMED[@]}" "$PROGS/life_wait" </dev/null
	assert_output nothing
}

@test "the helper holds nothing of the program's, and goes with it" {
	local fd socket stat

	start 'echo x >/tmp/f; exec 7</etc/passwd; cd /usr; read -r line'
	run -0 readlink "/proc/$HELPER/cwd"
	assert_output /
	# Its own is a socket at which the mount door finds it.
	socket=$(sed -n "s,.* \([0-9]*\) @${ROOT##*/}\$,\1,p" /proc/net/unix)
	for fd in "/proc/$HELPER"/fd/*; do
		run -0 readlink "$fd"
		assert_output --regexp "^(/dev/null|$ROOT(/lease)?|socket:.$socket.)\$"
	done
	read -r stat <"/proc/$HELPER/stat"
	# shellcheck disable=SC2086 # fields
	set -- ${stat##*) }
	[[ $2 != "$PROGRAM" ]]		# its parent
	[[ $4 == "$HELPER" ]]		# its session
	[[ $5 == 0 ]]			# no terminal
	kill -KILL "$PROGRAM"
	wait_until 5 no_helper
	assert_no_session
}

@test "the helper goes at a SIGTERM, and the program does not notice" {
	start 'echo x >/tmp/f; read -r line; cat /tmp/f'
	kill -TERM "$HELPER"
	wait_until 5 no_helper
	[[ -d $ROOT ]]
	go
	wait "$PROGRAM"
	run -0 cat "$BATS_TEST_TMPDIR/out"
	assert_output x
	assert_no_session
}

# old_ones: what is in the new sessions, or is one, and looks old.
old_ones() { new_sessions | xargs -I{} find {} ! -newer "$BATS_TEST_TMPDIR/then"; }

two_roots() { [[ $(new_sessions | wc -l) -eq 2 ]]; }

# Time goes by, for a helper that may not have begun to wait.
only_files_are_old() {
	kill -ALRM "$HELPER" || return
	! old_ones | grep -qv '/f$'
}

# Else whatever cleans /tmp by age takes away a root, and anyone makes another.
@test "the helper keeps a session from looking old, but not the program's files" {
	start 'echo x >/tmp/f; echo x >/var/tmp/f; read -r line'
	wait_until 5 two_roots
	touch -d 2020-01-01 "$BATS_TEST_TMPDIR/then"
	new_sessions | xargs -I{} find {} -depth | xargs touch -h -d 2001-01-01
	assert_equal "$(old_ones | wc -l)" 12
	wait_until 5 only_files_are_old || fail "$(old_ones)"
	assert_equal "$(old_ones | wc -l)" 2
	go
	wait "$PROGRAM"
	assert_no_session
}

@test "a session whose lease was removed by somebody is left alone until its end" {
	# shellcheck disable=SC2016 # expanded by the program
	start 'echo x >/tmp/f; read -r line; read -r line </tmp/f; echo "$line"'
	touch -d 2020-01-01 "$BATS_TEST_TMPDIR/then"
	rm "$ROOT/lease"
	touch -d 2001-01-01 "$ROOT"
	wait_until 5 only_files_are_old
	go
	wait "$PROGRAM"
	run -0 cat "$BATS_TEST_TMPDIR/out"
	assert_output x
	assert_no_session
}

@test "a helper that was asked to go is replaced when it is needed again" {
	start 'echo x >/tmp/f; read -r line; echo y >/tmp/f; read -r line'
	kill -TERM "$HELPER"
	wait_until 5 no_helper
	go
	wait_until 10 helper_is_there
	kill -KILL "$PROGRAM"
	assert_no_session
}

@test "a SIGTERM to all, as when a service is stopped, leaves nothing" {
	start 'echo x >/tmp/f; exec sleep 20'
	kill -TERM "$HELPER" "$PROGRAM"
	wait_until 5 no_helper
	assert_no_session
}

@test "a helper that was killed leaves the end to the program" {
	start 'echo x >/tmp/f; read -r line'
	kill -KILL "$HELPER"
	wait_until 5 no_helper # until then it would be left to it
	go
	wait "$PROGRAM"
	assert_no_session
}

@test "a program that orphans are given to does not see the helper either" {
	run -0 "${SHIMMED[@]}" "$PROGS/life_wait" subreaper </dev/null
	assert_output nothing
	assert_no_session
}

@test "a program that may not write to files can make links, and is not ended by that" {
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 shimmed sh -c '(echo >/tmp/x; ulimit -f 0
		ln -s ../../etc /tmp/etc && ln -s /tmp/x /tmp/y && ls /tmp/etc/passwd) 2>&1 | cat'
	assert_output /tmp/etc/passwd
	assert_no_session
}
