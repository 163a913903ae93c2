# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For the tests that compare.

RUN=$PRIVTMP_SOURCE/tests/diff/run

# only_loops OUTPUT: it tells of nothing but paths of nearly as many links as may be.
only_loops() {
	grep -q '^[<>]' <<<"$1" && ! grep '^[<>]' <<<"$1" | grep -v 'ltmp\*3[89]}' >/dev/null
}

# compare OPTION...: the two sides; into the caller's status and output.
compare() {
	status=0
	output=$("$RUN" --shim "$SHIM" "$@" 2>&1) || status=$?
}

# alike OPTION...: the two sides agree. (No "run": a skip must end the test.)
alike() {
	local status output

	compare "$@"
	# A lookup without locks that has to be done again, since something else on the
	# machine was in its way, goes on counting links where it was: 39 may be too many, and 38.
	if [ "$status" = 1 ] && only_loops "$output"; then
		compare "$@"
	fi
	[ "$status" != 77 ] || skip "${output#skip: }"
	[ "$status" = 0 ] || fail "$output"
}

# differ OPTION...: the comparison must fail, and for no other reason.
differ() {
	local status=0
	output=$("$RUN" "$@" 2>&1) || status=$?
	[ "$status" != 77 ] || skip "${output#skip: }"
	[ "$status" = 1 ] || fail "not noticed: $* (status $status) $output"
}
