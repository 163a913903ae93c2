# SPDX-License-Identifier: LGPL-2.1-or-later
# A system call of the shim's own, or of its helper's, that fails: the program is
# told by an errno or goes on; nothing leaks, stays, or is shared. A sample; all
# of them are in long/faults.bats.

load common
load faults/functions

setup() {
	command -v strace >/dev/null || skip "needs strace"
	need_own_tmp
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

# no_helper EXPECTED ARGUMENT...: privtmp run with these, whose helper is never executed.
no_helper() {
	local expected=$1
	shift
	run "-$expected" timeout -k 5 30 strace -f -qq -o "$BATS_TEST_TMPDIR/trace" \
		-P "$PRIVTMP_BUILD/tools/reaper" -e inject=execve:error=ENOMEM \
		"$PRIVTMP_BUILD/tools/privtmp" run "$@"
	grep -q INJECTED "$BATS_TEST_TMPDIR/trace" || fail "no fault"
	assert_line --regexp '^privtmp: /tmp/\.privtmp-[^ ]*: no helper to remove this after a crash: .*; run privtmp sweep'
	assert_no_session
}

@test "a sample of faults in the functions: each does its work or fails, and keeps nothing" {
	each_function 397 "${FAULTS_FIRST:-3}" plain
	each_function 127 "${FAULTS_FIRST:-3}" by-hand
}

@test "a path that cannot be looked at for a moment does not lead to the shared directory" {
	each_function 3 0 plain rename
	each_function place once plain '[a-z]*at'
}

@test "without a helper, privtmp run removes the session itself, and ends" {
	no_helper 0 -- sh -c 'echo x >/tmp/x && echo made'
	assert_line made
	no_helper 3 -- sh -c 'exit 3'
	PRIVTMP_FAULT="run execve 1 ENOMEM" run -0 "$PRIVTMP_SOURCE/tests/faults/tools"
	assert_line --partial INJECTED
}

@test "that there is no helper is told once, however often one is tried" {
	need_users
	run -0 as_user prlimit --nproc=0 env LD_PRELOAD="$SHIM" \
		"$BASH" -c ': >/tmp/1; : >/tmp/2; : >/tmp/3'
	assert_output --partial "no helper to remove this after a crash"
	assert_equal "${#lines[@]}" 1
}

@test "a helper that cannot leave the directory that it watches does not keep a namespace" {
	PRIVTMP_FAULT="mount chdir 2 EIO" run -0 "$PRIVTMP_SOURCE/tests/faults/tools"
	assert_line --partial 'make:/tmp/a ok'
}

@test "a helper that cannot lock the lease does not remove a session that is alive" {
	PRIVTMP_FAULT="flock 1 ENOLCK" run -0 "$PRIVTMP_SOURCE/tests/faults/inject"
	assert_line --partial INJECTED
}

@test "where no process can be started, audit --attack says so" {
	run -125 strace -qq -o /dev/null -e inject=clone,clone3,fork,vfork:error=EAGAIN \
		"$PRIVTMP_BUILD/tools/privtmp" audit --attack -- true
	assert_line --regexp '^privtmp: true: cannot be run: .*[(]11[)]'
}

@test "no random names: one line says so, and nothing is shared" {
	# Libc may ask before the shim does.
	PRIVTMP_FAULT="getrandom 1+ EIO" run -0 "$PRIVTMP_SOURCE/tests/faults/inject"
	assert_line --regexp '^privtmp: .*no private directory can be named.*getrandom'
	assert_line "make:/tmp/a EINVAL"
}
