# SPDX-License-Identifier: LGPL-2.1-or-later
# Every system call on a session's way fails once, with each errno that fits, and many of
# those of privtmp's commands; see ../faults.bats. In parts, for the time that each may take.
#
# shellcheck disable=SC2030,SC2031 # tests are subshells

load ../common

setup() {
	command -v strace >/dev/null || skip "needs strace"
	[[ -n ${PRIVTMP_TEST_ISOLATED:-} ]] || skip "needs a /tmp of its own"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' own calls would fail, too"
}

# part N: each fourth fault from number N on.
part() {
	run "$PRIVTMP_SOURCE/tests/faults/inject" 4 "$1"
	[[ $status -eq 0 ]] || fail "$output"
	assert_output --regexp '^[0-9]+ faults, 0 problems'
	echo "# $output" >&3
}

@test "each fault, first quarter" { part 0; }
@test "each fault, second quarter" { part 1; }
@test "each fault, third quarter" { part 2; }
@test "each fault, last quarter" { part 3; }

# tools N: each 24th fault of the commands from number N on.
tools() {
	run "$PRIVTMP_SOURCE/tests/faults/tools" 24 "$1"
	[[ $status -eq 0 ]] || fail "$output"
	assert_output --regexp '^[0-9]+ faults, 0 problems'
	echo "# $output" >&3
}

@test "a sample of faults in the commands" { tools 0; }
@test "another sample of faults in the commands" { tools 5; }
