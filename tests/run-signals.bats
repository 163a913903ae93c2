# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2030,SC2031 # each test is a subshell, and its teardown too
#
# Under privtmp run signals, job control and the terminal are what they were.

load common
load run

# -- Signals --------------------------------------------------------------------------

@test "a signal that is sent to run reaches the command, once" {
	local number

	start "${RUN[@]}" "$PROGS/run_signals"
	wait_until 10 logged ready
	for number in 1 2 3 10 12 14 28 34; do
		kill -"$number" "$PID"
		wait_until 10 logged "^signal $number\$"
	done
	kill -TERM "$PID"
	ends "$PID" 42
	run -0 cat "$LOG"
	assert_output "$(printf 'ready\n'
		printf 'signal %d\n' 1 2 3 10 12 14 28 34 15)"
	assert_no_session 0
}

@test "a value that is queued with a signal comes along" {
	/bin/kill --help 2>&1 | grep -q -- --queue || skip "needs a kill(1) with --queue"
	start "${RUN[@]}" "$PROGS/run_signals"
	wait_until 10 logged ready
	/bin/kill --queue 4711 -USR1 "$PID"
	wait_until 10 logged "^signal 10 value 4711\$"
	kill -TERM "$PID"
	ends "$PID" 42
}

@test "a command that is killed by SIGKILL leaves nothing behind" {
	start "${RUN[@]}" sh -c "echo x >/tmp/$NAME; echo x >/var/tmp/$NAME; sleep 60 & echo ready; wait"
	local shell sleeper

	wait_until 10 logged ready
	shell=$(child_of "$PID" sh)
	wait_until 10 child_of "$shell" sleep
	sleeper=$(child_of "$shell" sleep)
	kill -KILL "$shell"
	# Its child lives on and is a member.
	kill -KILL "$sleeper"
	ends "$PID" 137
	assert_no_session 0
}

@test "when run itself is killed, the command goes on and nothing stays behind" {
	local child

	start "${RUN[@]}" sh -c "echo x >/tmp/$NAME; echo ready; read line </dev/zero; sleep 60"
	wait_until 10 logged ready
	child=$(child_of "$PID" sh)
	STRANGE+=" $child"
	kill -KILL "$PID"
	ends "$PID" 137
	is_running "$child"
	[[ -n $(new_sessions) ]]
	kill -KILL "$child"
	assert_no_session 10
}

@test "when run and the command are killed together, nothing stays behind" {
	local child

	start "${RUN[@]}" sh -c "echo x >/tmp/$NAME; echo ready; exec sleep 60"
	wait_until 10 logged ready
	child=$(child_of "$PID" sleep)
	kill -KILL "$PID" "$child"
	ends "$PID" 137
	assert_no_session 10
}

@test "as the first process of a container, run buries the orphans" {
	need_worlds
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 world mode=1777 unshare --pid --fork --mount-proc "${RUN[@]}" sh -c '
		(true &); (true &); (true &)
		sleep 1
		echo launcher: $PPID, zombies: $(grep -l "^State:.Z" /proc/[0-9]*/status | wc -l)'
	assert_output "launcher: 1, zombies: 0"
}

# -- Stopping and the terminal ----------------------------------------------------------

@test "run stops when it is told to, with the command, and both go on" {
	local child

	# In a group that someone can resume: SIGTSTP does not stop an orphaned one.
	set -m
	start "${RUN[@]}" sleep 60
	set +m
	wait_until 10 child_of "$PID" sleep
	child=$(child_of "$PID" sleep)
	STRANGE+=" $child"
	kill -TSTP "$PID"
	wait_until 10 is_stopped "$child"
	wait_until 10 is_stopped "$PID"
	kill -CONT "$PID"
	wait_until 10 is_running "$child"
	wait_until 10 is_running "$PID"
	kill -TERM "$PID"
	ends "$PID" 143
	assert_no_session 0
}

@test "run stops when the command stops itself" {
	start "${RUN[@]}" sh -c 'kill -STOP $$; exit 4'
	wait_until 10 is_stopped "$PID"
	kill -CONT "$PID"
	ends "$PID" 4
}

# type_to COMMAND: run COMMAND on a terminal of its own; what is written to
# descriptor 9 is typed, what comes out is in LOG.
type_to() {
	command -v script >/dev/null || skip "needs script(1)"
	mkfifo "$BATS_TEST_TMPDIR/keys"
	# This shell goes over into the command; another one may stay before it.
	TERM=dumb SHELL=$BASH script -qefc "$1" /dev/null \
		<"$BATS_TEST_TMPDIR/keys" >"$LOG" 2>&1 3>&- &
	PID=$!
	STRANGE+=" $PID"
	exec 9>"$BATS_TEST_TMPDIR/keys"
}

@test "an interrupt that is typed reaches the command once" {
	type_to "${RUN[*]} $PROGS/run_signals"
	wait_until 10 logged ready
	printf '\003' >&9
	wait_until 10 logged "signal 2" # behind the terminal's ^C
	pkill -TERM -P "$(pgrep -P "$PID" -f 'privtmp run' | head -n 1)" -x run_signals
	ends "$PID" 42
	exec 9>&-
	assert_equal "$(grep -c 'signal 2' "$LOG")" 1
	assert_no_session 0
}

@test "the command has the terminal, in the foreground" {
	type_to "${RUN[*]} sh -c 'cut -d \" \" -f 5,8 /proc/self/stat; tty; exit 8'"
	ends "$PID" 8
	exec 9>&-
	run -0 cat "$LOG"
	assert_output --regexp '/dev/(pts|tty)'
	read -r group foreground <"$LOG"
	assert_equal "$group" "${foreground%$'\r'}"
}

@test "a shell stops and resumes it as any job" {
	local times

	type_to "env HISTFILE= bash --norc --noprofile -i"
	# What is typed before the command has the terminal, the terminal does not echo.
	printf 'PS1="$ "\n%s %s\n' "${RUN[*]}" "sh -c 'echo rea\"\"dy; exec cat'" >&9
	wait_until 10 logged '^ready'
	printf 'one\n' >&9
	wait_until 10 logged '^one'
	wait_until 10 logged_times 2 '^one'
	printf '\032' >&9
	wait_until 10 logged Stopped
	printf 'echo at the "sh"ell\n' >&9
	wait_until 10 logged '^at the shell'
	times=$(grep -c 'exec cat' "$LOG")
	printf 'fg\n' >&9
	# The shell says what it resumes.
	wait_until 10 logged_times "$((times + 1))" 'exec cat'
	printf 'two\n' >&9
	wait_until 10 logged_times 2 '^two'
	printf '\004' >&9
	printf 'echo status $?\n' >&9
	wait_until 10 logged '^status 0'
	printf 'exit 0\n' >&9
	ends "$PID" 0
	exec 9>&-
	assert_no_session 0
}
