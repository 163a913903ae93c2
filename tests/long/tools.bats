# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2153 # each test is a subshell; run.bash sets NAME
#
# What privtmp list and sweep show over time. The rest is in ../tools.bats.

load ../common
load ../run

@test "list --watch shows again what there is, until it is ended" {
	local watcher

	"$PRIVTMP" list --watch >"$BATS_TEST_TMPDIR/watched" 3>&- &
	watcher=$!
	STRANGE+=" $watcher"
	start_session
	wait_until 10 grep -q "^$ROOT" "$BATS_TEST_TMPDIR/watched"
	end_session
	wait_until 10 eval '! tail -n 2 "$BATS_TEST_TMPDIR/watched" | grep -q "^$ROOT"'
	is_running "$watcher"
	kill "$watcher"
	wait "$watcher" || :
	# An empty list has a head; a long one has no more lines than the terminal.
	run -0 timeout 20 sh -c '"$1" list --watch | head -n 1' sh "$PRIVTMP"
	assert_output --partial "SESSION  "
	start_session
	start_session
	run on_terminal 60 "stty rows 6; timeout 3 '$PRIVTMP' list --watch"
	((${#lines[@]} >= 5 && ${#lines[@]} % 5 == 0))
	assert_line --index 4 --regexp '^and [0-9]+ more$'
	# Nobody reads any more: it ends.
	run -0 timeout 20 sh -c '"$1" list --watch --format json | head -n 1' sh "$PRIVTMP"
	assert_output --partial '{"sessions": ['
}

@test "a long removal says on a terminal how far it is, and on a pipe nothing" {
	local helper root

	command -v script >/dev/null || skip "needs script (util-linux)"
	not_nested_sanitizer
	long_removal() {
		rm -f "$LOG"
		start "$@"
		wait_until 60 logged ready
		root=$(new_sessions | grep '^/tmp/')
		helper=$(helper_of "$root")
		STRANGE+=" $helper"
		echo >"$BATS_TEST_TMPDIR/go"
		# It has begun when the lease is gone.
		while [[ -e $root/lease ]]; do :; done
		kill -STOP "$helper"
		sleep 4
		kill -CONT "$helper"
		ends "$PID" 0 60
	}
	mkfifo "$BATS_TEST_TMPDIR/go"
	command="'$PRIVTMP' run sh -c 'cd /tmp && seq 30000 | xargs touch; echo ready; cat $BATS_TEST_TMPDIR/go'"
	long_removal script -qec "$command" /dev/null
	logged "privtmp: removing the session's files: 2 s"
	# The line is taken away again.
	tail -c 20 "$LOG" | grep -q $'\r\e\[K$'
	long_removal sh -c "$command"
	run ! logged "removing the session's files"
	assert_no_session
}
