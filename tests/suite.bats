#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a failing test says: what was expected, what came, and how to run it alone.
#
# shellcheck disable=SC2016 # what the test in the test expands

load common

# failing BODY: what a test with this body says, in a file of its own.
failing() {
	{
		echo "load '$PRIVTMP_SOURCE/tests/common'"
		printf '@test "a (test) that fails" {\n%s\n}\n' "$1"
	} >"$BATS_TEST_TMPDIR/own.bats"
	run -1 env TMPDIR="$BATS_TEST_TMPDIR" "${BATS:-bats}" --tap "$BATS_TEST_TMPDIR/own.bats"
	assert_line "not ok 1 a (test) that fails"
	assert_line --regexp "in test file .*/own.bats, line 3)"
	refute_output --partial bats_error_trap
	assert_line --partial "# alone: tests/run-bats -f '^a \\(test\\) that fails\$' "
}

@test "a command that returns something else shows what it printed" {
	failing 'run -0 sh -c "echo printed; exit 3"'
	assert_line --partial 'expected exit code 0, got 3'
	assert_line '# printed'
}

@test "a condition shows the values in it" {
	failing 'x=5; [[ $x == 6 ]]'
	assert_line '# came: [[ 5 == 6 ]]'
	failing '[[ -z $(echo left) ]]'
	assert_line '# came: [[ -z left ]]'
	failing 'x=5; ((x == 6))'
	assert_line '# came: x=5'
	failing 'run -0 echo printed; [[ $output == this ]]'
	assert_line '# came: [[ printed == this ]]'
}

@test "a file that was searched in vain is shown" {
	failing 'echo "what came" >"$BATS_TEST_TMPDIR/f"; grep -q wanted "$BATS_TEST_TMPDIR/f"'
	assert_line '# what came'
}

@test "an assertion and a difference show both sides" {
	failing 'run -0 echo printed; assert_output wanted'
	assert_line '# expected : wanted'
	assert_line '# actual   : printed'
	failing 'diff <(echo wanted) <(echo printed)'
	assert_line '# < wanted'
	assert_line '# > printed'
}
