# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2153 # each test is a subshell; run.bash sets NAME
#
# What privtmp list and sweep show over time, and which options are refused. The rest is in
# ../tools.bats.

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

# Options that are refused, each before anything is done, and what is said of them.
readonly WRONG=(
	'run --guard /a:/b' 'has a colon in it; give each path an option of its own'
	'run --share a:b' 'has a colon in it; give each path an option of its own'
	'run --share rel' 'is not an absolute path; begin it with /'
	'run --guard /..' 'is not an absolute path without ..; name the directory from / on'
	'run --guard /a/../b' 'is not an absolute path without ..; name the directory from / on'
	'run --root rel' 'is not an absolute path without ..; name the directory from / on'
	'run --guard //' 'is the root directory; name a directory in it'
	'run --guard /./' 'is the root directory; name a directory in it'
	'run --root /' 'is the root directory; name a directory in it'
	'run --guard /dev/null' 'is not a directory; name the directory that it is in'
	'run --keep sometimes' 'unknown word; use never, failure or always'
	'run --keep=' 'unknown word; use never, failure or always'
	'run --scope root' 'is not for run; use tree or process'
	'run --scope forest' 'unknown word; use tree or process'
	'run --backend door' 'unknown word; use auto, preload or mount'
	'run --confine=maybe' 'unknown word; use no, yes or auto'
	'run --size-limit=' 'is not a size; use a number of bytes, or one with K, M, G or T behind it'
	'audit --fail-on bad' 'unknown word; use note, low, medium or high'
	'audit --format xml' 'unknown word; use text, json, sarif or html'
	'audit --attack=x' 'is no attack; say link, dangling, file, fifo or directory, a colon and a path'
	'audit --read x' '--read runs no command; see privtmp audit --help'
	'list --sort name' 'unknown word; use owner, age, members, files or size'
	'enter --tty none' 'unknown word; use own or inherit'
	'enter --env=' 'has no name; write NAME or NAME=VALUE'
	'enter --env==x' 'has no name; write NAME or NAME=VALUE'
	'sweep --timeout 0' 'is no number of seconds; use one from 1 to 86400'
	'sweep --timeout 86401' 'is no number of seconds; use one from 1 to 86400'
	'sweep --timeout=' 'is no number of seconds; use one from 1 to 86400'
	'sweep --timeout 1h' 'is no number of seconds; use one from 1 to 86400'
)

@test "an option's value that cannot be is refused, in one line with the remedy" {
	local words i

	for ((i = 0; i < ${#WRONG[@]}; i += 2)); do
		read -ra words <<<"${WRONG[i]}"
		run "$PRIVTMP" "${words[@]}" -- touch "$BATS_TEST_TMPDIR/ran"
		assert_equal "${WRONG[i]}: $status" "${WRONG[i]}: $([[ ${words[0]} == @(list|sweep) ]] && echo 2 || echo 125)"
		assert_equal "${#lines[@]}" 1
		assert_output --partial "${WRONG[i + 1]}"
		[[ ! -e $BATS_TEST_TMPDIR/ran ]]
	done
}

@test "a list of paths, and one of variables, is refused where it is too long" {
	local long many=() i

	long=/$(printf 'a%.0s' {1..3000})
	run "$PRIVTMP" run --guard "$long" --guard "$long" --guard "$long" -- true
	assert_failure 125
	assert_output --partial "does not fit into the list; name fewer"
	for i in {0..64}; do many+=(--env "V$i=1"); done
	run "$PRIVTMP" enter "${many[@]}" x
	assert_failure 125
	assert_output --partial "is one too many; name fewer variables"
}
