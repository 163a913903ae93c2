#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2153 # subshells; run.bash sets NAME
#
# How long other users can hold up root's list, sweep and run: with many sessions, locks and
# large trees. What else they try is in ../attacks-tools.bats.

load ../common
load ../run
load ../enemy

theirs_locks() {
	! flock -n -x "$1" true
}

@test "who stops the process that looks at his is cut short, and delays nobody" {
	local i

	dead_session
	# So many that there is time to come to it.
	for ((i = 1000; i < 2000; i++)); do
		printf '/tmp/.privtmp-AAAAAAAAAAAAAAAAAA%d\n' "$i"
	done >"$BATS_TEST_TMPDIR/planted"
	chmod a+x "$BATS_TEST_TMPDIR"
	xargs setpriv --reuid="$OTHER_UID" --clear-groups mkdir -m 700 <"$BATS_TEST_TMPDIR/planted"
	enemy "$ENEMY" stop 60
	SECONDS=0
	run -1 "$PRIVTMP" list --timeout 2
	((SECONDS < 25)) || fail "took $SECONDS seconds"
	theirs stopped || fail "the enemy has not come to it"
	assert_line --partial "$OTHER_UID's sessions: looking at them was cut short: it took more than 2 seconds"
	assert_line --regexp "^$ROOT +$TEST_UID +.* dead "
	age_of_all
	run -1 "$PRIVTMP" sweep --verbose --timeout 2
	((SECONDS < 50)) || fail "took $SECONDS seconds"
	assert_line "removed $ROOT"
	assert_line --partial "$OTHER_UID's sessions: removal was cut short"
	[[ ! -e $ROOT ]]
	kill -KILL "$THEIR_PID"
	xargs rmdir <"$BATS_TEST_TMPDIR/planted" 2>/dev/null || :
}

@test "who was let into a session does not keep run waiting by a lock, its own members do" {
	local mixes root

	need_users
	mixes="open(F, '>', '/tmp/x') or die; \$> = $OTHER_UID; -e '/tmp/x' or die"
	start "${RUN[@]}" perl -e "\$| = 1; $mixes; print 'ready'; sleep 2; \$> = 0"
	wait_until 10 logged ready
	root=$(new_sessions | grep '^/tmp/')
	enemy flock -s "$root/lease" sleep 60
	wait_until 5 theirs_locks "$root/lease"
	ends "$PID" 0 20
	[[ -e $root/lease ]]
	pkill -KILL -P "$THEIR_PID"
	assert_no_session 10
	SECONDS=0
	run -0 "${RUN[@]}" perl -e "$mixes; \$> = 0; fork and exit; close(STDOUT); close(STDERR); sleep 4"
	((SECONDS >= 4))
	assert_no_session
}

@test "a stranger's large tree does not hold list up" {
	need_users
	enemy env LD_PRELOAD="$SHIM" bash -c 'mkdir /tmp/{1..50}
		for d in /tmp/*; do for i in {1..3000}; do >$d/$i; done; done
		echo ready; exec sleep 30'
	wait_until 60 theirs ready
	SECONDS=0
	run -0 timeout 10 "$PRIVTMP" list
	((SECONDS < 8)) || fail "took $SECONDS seconds"
	assert_line --regexp "^/tmp/.privtmp-.* $OTHER_UID +.* live +[1-9]"
}
