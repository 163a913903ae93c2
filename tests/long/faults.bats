# SPDX-License-Identifier: LGPL-2.1-or-later
# Every system call on a session's way fails once, with each errno that fits, and many of
# those of privtmp's commands; see ../faults.bats. In parts, for the time that each may take.
#
# shellcheck disable=SC2030,SC2031 # tests are subshells

load ../common
load ../faults/functions

setup() {
	command -v strace >/dev/null || skip "needs strace"
	need_own_tmp
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' own calls would fail, too"
}

# each EVERY FIRST PROGRAM: each EVERYth fault of ../faults/PROGRAM, from number FIRST on.
each() {
	run "$PRIVTMP_SOURCE/tests/faults/$3" "$1" "$2"
	[[ $status -eq 0 ]] || fail "$output"
	assert_output --regexp '^[0-9]+ faults, 0 problems'
	echo "# $output" >&3
}

@test "each fault, first quarter" { each 4 0 inject; }
@test "each fault, second quarter" { each 4 1 inject; }
@test "each fault, third quarter" { each 4 2 inject; }
@test "each fault, last quarter" { each 4 3 inject; }

@test "a sample of faults in the commands" { each 24 0 tools; }
@test "another sample of faults in the commands" { each 24 5 tools; }

@test "a larger sample of faults in the functions" {
	each_function 43 1 plain
	each_function 11 1 by-hand
}

@test "a sample of faults in the functions where each path is walked" {
	PRIVTMP_LINKS=exact each_function 97 1 plain
	PRIVTMP_LINKS=exact each_function 31 1 by-hand
}
