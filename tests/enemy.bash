# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2153 # for who includes it; run.bash sets NAME
# A session of one user, and what another does: for attacks-tools.bats, here and in long/.

ENEMY=$PROGS/tool_enemy
PLANTED=/tmp/.privtmp-AAAAAAAAAAAAAAAAAAAAAA

# A session of TEST_UID's: the program's pid is SLEEP, its root ROOT.
users_session() {
	need_users
	RUN=(setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups "${RUN[@]}")
	start "${RUN[@]}" sh -c "echo x >/tmp/$NAME; echo ready; exec sleep 60"
	wait_until 10 logged ready
	ROOT=$(new_sessions | grep '^/tmp/' | grep -v "^$PLANTED$")
	SLEEP=$(child_of "$PID" sleep)
	STRANGE+=" $SLEEP"
}

# dead_session: the same, with nobody left who could remove it.
dead_session() {
	local helper pid

	users_session
	helper=$(helper_of "$ROOT")
	kill -STOP "$helper" # or it would begin to remove it
	kill -KILL "$PID" "$SLEEP" "$helper"
	for pid in "$PID" "$SLEEP" "$helper"; do
		wait_until 5 gone "$pid"
	done
}

# enemy COMMAND [ARG]...: as the enemy, in the background, as THEIR_PID; its output in
# THEIRS.
enemy() {
	THEIRS=$BATS_TEST_TMPDIR/theirs
	: >"$THEIRS"
	(exec setpriv --reuid="$OTHER_UID" --regid="$OTHER_UID" --clear-groups -- "$@") \
		>"$THEIRS" 2>&1 3>&- &
	THEIR_PID=$!
	STRANGE+=" $!"
}

theirs() { grep -q -- "$1" "$THEIRS"; }

age_of_all() {
	new_sessions | xargs touch -h -d '2 minutes ago'
}
