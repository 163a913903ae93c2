# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For the tests that compare.

RUN=$PRIVTMP_SOURCE/tests/diff/run

# alike OPTION...: the two sides agree. (No "run": a skip must end the test.)
alike() {
	local status=0 output
	output=$("$RUN" --shim "$SHIM" "$@" 2>&1) || status=$?
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
