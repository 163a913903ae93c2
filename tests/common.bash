# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What every test file loads first:
#
#     load common            # ../common from tests/long
#
# It sets PRIVTMP (the launcher), SHIM (the library), REAPER and PROGS (the
# directory of the test programs), and loads bats-support and bats-assert. Run by
# hand ("bats tests/x.bats"), it takes what was built in build/.

bats_require_minimum_version 1.5.0

COMMON_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PRIVTMP_SOURCE=${PRIVTMP_SOURCE:-$(dirname "$COMMON_DIR")}
PRIVTMP_BUILD=${PRIVTMP_BUILD:-$PRIVTMP_SOURCE/build}
PRIVTMP=$PRIVTMP_BUILD/tools/privtmp
SHIM=$PRIVTMP_BUILD/shim/.libs/libprivtmp.so
REAPER=$PRIVTMP_BUILD/tools/reaper
PROGS=$PRIVTMP_BUILD/tests/progs
# Programs that a copy of works under another name, see run-bats.
TRUE=$(type -P true) ECHO=$(type -P echo)
export TRUE ECHO PRIVTMP SHIM REAPER PROGS PRIVTMP_SOURCE PRIVTMP_BUILD

# bats has made its own directories by now. The programs under test must not
# see its TMPDIR, nor any settings of whoever runs the tests.
unset TMPDIR PRIVTMP_SESSION PRIVTMP_GUARD PRIVTMP_SHARE PRIVTMP_ROOT \
	PRIVTMP_SCOPE PRIVTMP_KEEP PRIVTMP_ONFAIL PRIVTMP_MODE PRIVTMP_LINKS PRIVTMP_CONFINE \
	PRIVTMP_UNCOVERED PRIVTMP_LOG PRIVTMP_SIZE_LIMIT
export LC_ALL=C

# Distributions put the libraries of bats in different places.
for dir in ${BATS_LIB_PATH:+${BATS_LIB_PATH//:/ }} /usr/lib/bats \
	/usr/lib/bats-core /usr/share/bats /usr/lib /usr/share; do
	if [ -e "$dir/bats-assert/load.bash" ]; then
		export BATS_LIB_PATH=$dir
		break
	fi
done
bats_load_library bats-support
bats_load_library bats-assert

# -- What a failed test says ------------------------------------------------

# say_failed COMMAND: what bats leaves out of a failed test. Bats shows the command as it
# is written. This shows the values in it, the files that it read, what the last "run"
# printed, and how to run the test alone.
say_failed() {
	local word

	case $1 in
	'[[ '* | '[ '* | test\ * | grep\ * | cmp\ *)
		# Tried again, traced: that writes out the values.
		(
			trap - ERR DEBUG EXIT
			set +eET
			PS4='+'
			set -x
			eval "$1" >/dev/null
		) 2>&1 </dev/null | sed -e 1d -e 's/^++*/came: /' | head -n 40 | head -c 8000
		;;
	'(('*)
		while read -r word; do
			[[ ! -v $word ]] || echo "came: $word=${!word}"
		done < <(grep -oE '[A-Za-z_]+' <<<"$1" | sort -u)
		;;
	esac
	case $1 in
	grep\ * | cmp\ *)
		for word in $1; do
			word=${word//[\"\']/}
			[[ $word != *[\`\(]* && $word == *[\$/]* ]] || continue
			word=$(eval "echo \"$word\"")
			[[ ! -f $word ]] || head -n 40 "$word" | batslib_decorate "$word"
		done
		;;
	esac
	case ${FUNCNAME[2]} in
	assert* | refute* | fail | batslib*) ;; # have said it
	*)
		[[ ! -v output || -z ${status-} ]] || head -n 40 <<<"$output" |
			batslib_decorate "status $status, and this output, came from the last run"
		;;
	esac
	[[ -n ${BATS_TEST_DESCRIPTION-} ]] || return 0
	# shellcheck disable=SC2001 # a set, not a string
	word=$(sed 's/[][\.*^$+?(){}|]/\\&/g' <<<"$BATS_TEST_DESCRIPTION")
	echo "alone: tests/run-bats -f '^${word//\'/.}\$' ${BATS_TEST_FILENAME#"$PRIVTMP_SOURCE/"}"
}

# Bats calls bats_error_trap where a command fails. It looks at $?, and at the stack as its
# trap for DEBUG saw it last: that is in here, so the first frame is taken off. In a
# subshell nothing is said: it would become part of what a substitution yields.
# shellcheck disable=SC2016 # expanded in the trap
say_hook='
	local say_status=$?
	trap - DEBUG
	[[ -n ${BATS_TEST_COMPLETED-} ]] || BATS_ERROR_STATUS=${BATS_ERROR_STATUS:-$say_status}
	BATS_DEBUG_LAST_STACK_TRACE=("${BATS_DEBUG_LAST_STACK_TRACE[@]:1}")
	((BASH_SUBSHELL)) || say_failed "$BASH_COMMAND" || :'
if say_trap=$(declare -f bats_error_trap) && [[ $say_trap != *say_failed* ]]; then
	eval "${say_trap%%\{*}{$say_hook
${say_trap#*\{}"
fi

# -- Running ----------------------------------------------------------------

# shimmed COMMAND [ARG]...: run COMMAND under the shim alone, without the launcher.
shimmed() {
	env LD_PRELOAD="${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER }$SHIM" "$@"
}

# scratch: print the name of a new directory outside /tmp that any user can
# search and write; bats removes it with the test, or the file from setup_file.
scratch() {
	local dir place=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}

	# bats' own directories are closed to others.
	chmod a+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/{file,suite,test} 2>/dev/null || :
	chmod a+x "$place"
	dir=$(mktemp -d "$place/scratch-XXXXXX") || return
	chmod 1777 "$dir"
	echo "$dir"
}

# wait_until SECONDS COMMAND [ARG]...: run COMMAND until it succeeds.
wait_until() {
	local deadline=$((SECONDS + $1 + 1))

	shift
	until "$@"; do
		((SECONDS < deadline)) || return 1
		sleep 0.02
	done
}

# like_bare COMMAND: the shell COMMAND prints and returns the same with the shim as
# without, and with it leaves nothing named $DIR... in the shared directories.
like_bare() {
	sh -c "$1; echo \$?" >"$BATS_TEST_TMPDIR/bare" 2>&1
	rm -rf "/tmp/$DIR"* "/var/tmp/$DIR"*
	shimmed sh -c "$1; echo \$?" >"$BATS_TEST_TMPDIR/shimmed" 2>&1
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2 ||
		fail "under the shim something else came of: $1"
	[[ -z $(find /tmp /var/tmp -maxdepth 1 -name "$DIR*") ]]
}

# -- Users ----------------------------------------------------------------------

# Ids that need no account, and that nobody else is likely to have.
TEST_UID=${TEST_UID:-61234}
OTHER_UID=${OTHER_UID:-61235}
export TEST_UID OTHER_UID

# need_users: skip unless commands can be run as another user.
need_users() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to become other users"
	command -v setpriv >/dev/null || skip "needs setpriv"
	as_user test -r "$SHIM" ||
		skip "the build tree cannot be reached by other users"
}

# as_id ID COMMAND [ARG]...: run COMMAND with ID as its only user and group.
as_id() {
	local id=$1

	shift
	setpriv --reuid="$id" --regid="$id" --clear-groups --inh-caps=-all -- "$@"
}

# as_user COMMAND [ARG]..., as_other COMMAND [ARG]...: as one and as another
# unprivileged user. Call need_users first.
as_user() { as_id "$TEST_UID" "$@"; }
as_other() { as_id "$OTHER_UID" "$@"; }

# link_attacks_work: whether the kernel lets link and file planting succeed in
# a sticky directory without the shim; print the reason if not.
link_attacks_work() {
	local name value

	for name in protected_symlinks protected_regular protected_fifos; do
		value=$(cat "/proc/sys/fs/$name" 2>/dev/null) || continue
		if [[ $value != 0 ]]; then
			echo "fs.$name is $value on this machine"
			return 1
		fi
	done
}

# -- Sessions -------------------------------------------------------------------

# sessions_left: list the session roots in the guarded directories.
sessions_left() {
	find /tmp /var/tmp -mindepth 1 -maxdepth 1 -name '.privtmp-*' 2>/dev/null | sort
}

# What was there when a test began is not its own.
SESSIONS_BEFORE=$(sessions_left)

new_sessions() {
	comm -13 <(printf '%s\n' "$SESSIONS_BEFORE") <(sessions_left)
}

# helper_of ROOT: the pid of the session's helper, which has the root as descriptor 3.
helper_of() {
	local pid

	for pid in $(pgrep -x privtmp-reaper); do
		if [[ $(readlink "/proc/$pid/fd/3") == "$1" ]]; then
			echo "$pid"
			return
		fi
	done
	return 1
}

no_new_session() {
	[[ -z $(new_sessions) ]]
}

# assert_no_session [SECONDS]: fail unless every session is gone within SECONDS
# (2 unless told).
assert_no_session() {
	if ! wait_until "${1:-2}" no_new_session; then
		{
			echo "sessions left behind:"
			new_sessions | while read -r dir; do
				ls -laR "$dir"
			done
		} | batslib_decorate "a session is still there" | fail
	fi
}

# -- Files in the shared directories ----------------------------------------------

TMP_BEFORE=$(printf '%s\n' /tmp/* /tmp/.* /var/tmp/* /var/tmp/.*)

# has_own_tmp: whether /tmp, /var/tmp and /dev/shm are this call's own (run-bats). A teardown
# that clears them asks: it follows a setup that skips, too.
has_own_tmp() {
	[[ -n ${PRIVTMP_TEST_ISOLATED:-} ]]
}

# need_own_tmp: skip where they are everybody's.
need_own_tmp() {
	has_own_tmp || skip "needs a /tmp of its own"
}

# clear_tmp PATH...: remove these of /tmp and /var/tmp; where they are everybody's, none that
# was there before the test.
clear_tmp() {
	local path

	for path; do
		if has_own_tmp || ! grep -qxF -e "$path" <<<"$TMP_BEFORE"; then
			rm -rf "$path"
		fi
	done
}

# -- Watching the shared directories ----------------------------------------------

# watch_tmp_start: log what happens directly in /tmp and /var/tmp from here on.
watch_tmp_start() {
	command -v inotifywait >/dev/null || skip "needs inotifywait (inotify-tools)"
	WATCH_LOG=$BATS_TEST_TMPDIR/watch.log
	: >"$WATCH_LOG"
	inotifywait --monitor --format '%e %w%f' \
		-e create -e delete -e move -e modify -e attrib -e open -e close \
		/tmp /var/tmp >"$WATCH_LOG" 2>"$WATCH_LOG.err" 3>&- &
	WATCH_PID=$!
	wait_until 5 grep -q 'Watches established' "$WATCH_LOG.err" ||
		fail "inotifywait did not start: $(cat "$WATCH_LOG.err")"
}

# watch_tmp_stop: end that, and print each event that is neither a session root's
# own nor about /tmp itself.
watch_tmp_stop() {
	local mark

	# Events come in order: once this file's have come, all earlier ones have.
	mark=/tmp/.privtmp-watch-$$
	: >"$mark"
	rm -f "$mark"
	wait_until 5 grep -q "DELETE $mark" "$WATCH_LOG" ||
		fail "inotifywait lost track: $(cat "$WATCH_LOG.err")"
	kill "$WATCH_PID"
	wait "$WATCH_PID" 2>/dev/null || :
	WATCH_PID=
	grep -vE '/\.privtmp-[^/]*$|ISDIR /(var/)?tmp/$' "$WATCH_LOG" || :
}

# For teardown of a test that failed in between.
watch_tmp_cleanup() {
	[[ -z ${WATCH_PID:-} ]] || kill "$WATCH_PID" 2>/dev/null || :
	WATCH_PID=
}
