# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The attack matrix once more, for victims that something else stands before, too.

# matrix_holds OPTION: no attack on a victim that OPTION of tests/attacks/matrix is about
# succeeds or leaves anything, and what was safe without it is not refused.
matrix_holds() {
	local status=0 attack

	timeout -k 5 300 "$PRIVTMP_SOURCE/tests/attacks/matrix" "$1" --tap \
		>"$BATS_TEST_TMPDIR/tap" 2>"$BATS_TEST_TMPDIR/err" 3>&- || status=$?
	[[ $status != 77 ]] || skip "$(<"$BATS_TEST_TMPDIR/err")"
	[[ $(grep -cE '^(not )?ok ' "$BATS_TEST_TMPDIR/tap") -gt 100 ]] ||
		fail "$(cat "$BATS_TEST_TMPDIR/err")"
	run -1 grep -E -- '-> (UNSAFE|LEFT|BROKEN)' "$BATS_TEST_TMPDIR/tap"
	assert_output ""
	for attack in symlink hardlink file fifo directory read guess; do
		run -1 grep -E -- " - $attack .*-> (closed|denied|told)" "$BATS_TEST_TMPDIR/tap"
	done
}
