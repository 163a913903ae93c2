# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The attack matrix once more, for victims that something else stands before, too.

# matrix_holds OPTION: each cell of tests/attacks/matrix with OPTION is as its list has it.
matrix_holds() {
	local result=0

	timeout -k 5 300 "$PRIVTMP_SOURCE/tests/attacks/matrix" "$1" --tap \
		>"$BATS_TEST_TMPDIR/tap" 2>"$BATS_TEST_TMPDIR/err" 3>&- || result=$?
	[[ $result != 77 ]] || skip "$(<"$BATS_TEST_TMPDIR/err")"
	[[ $(grep -cE '^(not )?ok ' "$BATS_TEST_TMPDIR/tap") -gt 100 ]] ||
		fail "$(cat "$BATS_TEST_TMPDIR/err")"
	run -1 grep -A 20 '^not ok' "$BATS_TEST_TMPDIR/tap"
	assert_output ""
	assert_equal "$result" 0
}
