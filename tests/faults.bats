# SPDX-License-Identifier: LGPL-2.1-or-later
# A system call of the shim's own, or of its helper's, that fails: the program is
# told by an errno or goes on; nothing leaks, stays, or is shared. A sample; all
# of them are in long/faults.bats.

load common

setup() {
	command -v strace >/dev/null || skip "needs strace"
	[[ -n ${PRIVTMP_TEST_ISOLATED:-} ]] || skip "needs a /tmp of its own"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' own calls would fail, too"
	strace -qq -o /dev/null -e inject=getppid:error=EIO true 2>/dev/null ||
		skip "strace cannot inject faults here"
}

@test "a sample of faults in making, using, handing on, joining and ending a session" {
	run "$PRIVTMP_SOURCE/tests/faults/inject" 23 "${FAULTS_FIRST:-3}"
	[[ $status -eq 0 ]] || fail "$output"
	assert_output --regexp '^[0-9]+ faults, 0 problems'
}

@test "a sample of faults in the commands: each ends, says why, and leaves nothing" {
	run "$PRIVTMP_SOURCE/tests/faults/tools" 397 "${FAULTS_FIRST:-3}"
	[[ $status -eq 0 ]] || fail "$output"
	assert_output --regexp '^[0-9]+ faults, 0 problems'
}

@test "a helper that cannot lock the lease does not remove a session that is alive" {
	PRIVTMP_FAULT="flock 1 ENOLCK" run -0 "$PRIVTMP_SOURCE/tests/faults/inject"
	assert_line --partial INJECTED
}

@test "no random names: one line says so, and nothing is shared" {
	PRIVTMP_FAULT="getrandom 1 EIO" run -0 "$PRIVTMP_SOURCE/tests/faults/inject"
	assert_line --regexp '^privtmp: .*no private directory can be named.*getrandom'
	assert_line "make:/tmp/a EINVAL"
}
