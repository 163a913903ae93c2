# SPDX-License-Identifier: LGPL-2.1-or-later
# Whatever call a child is made by: it is in its parent's session, even if that is to
# be made yet, and the session is there as long as one of them is.

load common

FILE=/tmp/forks-file
KINDS=(fork _Fork __fork forkpty clone __clone SYS_fork SYS_clone SYS_clone3)

teardown() {
	rm -f "$FILE"
}

# each WHO SAYS KIND...: under the shim, a child by each KIND of call that there is here
# (a status of 3: there is none) says so, and neither file nor session is left.
each() {
	local who=$1 says=$2 kind done=0

	shift 2
	for kind; do
		run shimmed "$PROGS/forks" "$kind" "$who"
		[[ $status -ne 3 ]] || continue
		assert_success
		assert_output "$says"
		assert_no_session
		[[ ! -e $FILE ]] || fail "$kind: in the shared directory"
		done=$((done + 1))
	done
	[[ $done -ge 3 ]]
}

@test "the measure itself: without the shim a child's file is there for all, and stays" {
	run -0 "$PROGS/forks" fork child
	assert_output seen
	[[ -e $FILE ]]
}

@test "a parent sees what a child has made, whatever call made the child" {
	each child seen "${KINDS[@]}"
}

@test "a child keeps the session when its parent is gone, whatever call made the child" {
	each orphan kept "${KINDS[@]}" daemon
}

@test "a child that shares its parent's memory keeps the session, too" {
	run shimmed "$PROGS/forks" twin orphan
	assert_success
	assert_output kept
	assert_no_session 5
	[[ ! -e $FILE ]]
	# With nobody left but itself it removes the session as any other.
	run shimmed "$PROGS/forks" twin child
	assert_success
	assert_output seen
	assert_no_session
}
