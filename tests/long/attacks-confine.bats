# SPDX-License-Identifier: LGPL-2.1-or-later
# The attack matrix once more, where the kernel, too, keeps the victim out of the shared
# directories: no attack gains by that, and no victim is refused what it could have. That
# each attack works without the shim is attacks.bats's to say.

load ../common

@test "no attack on a confined victim succeeds, or leaves anything" {
	local status=0

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "no stage under the sanitizers"
	output=$("$PRIVTMP" run --confine true 2>&1) || skip "no Landlock here: $output"
	timeout -k 5 300 "$PRIVTMP_SOURCE/tests/attacks/matrix" --confine --tap \
		>"$BATS_TEST_TMPDIR/tap" 2>"$BATS_TEST_TMPDIR/err" 3>&- || status=$?
	[[ $status != 77 ]] || skip "$(<"$BATS_TEST_TMPDIR/err")"
	[[ $(grep -cE '^(not )?ok ' "$BATS_TEST_TMPDIR/tap") -gt 100 ]] ||
		fail "$(cat "$BATS_TEST_TMPDIR/err")"
	run -1 grep -E -- '-> (UNSAFE|LEFT|BROKEN)' "$BATS_TEST_TMPDIR/tap"
	assert_output ""
	# What was safe is not refused now.
	for attack in symlink hardlink file fifo directory read guess; do
		run -1 grep -E -- " - $attack .*-> (closed|denied|told)" "$BATS_TEST_TMPDIR/tap"
	done
}
