# SPDX-License-Identifier: LGPL-2.1-or-later
# The life of a session as a model (../model/README), all orders of whose steps SPIN
# looks at.

load ../common

setup_file() {
	command -v spin >/dev/null || skip "needs spin"
	command -v "${CC:-cc}" >/dev/null || skip "needs a C compiler"
	timeout 560 "$PRIVTMP_SOURCE/tests/model/check" >"$BATS_FILE_TMPDIR/out" 2>&1 ||
		: # each test looks at its own lines
	sed 's/^/# /' "$BATS_FILE_TMPDIR/out" >&3
}

lines_of() { grep -E "$1" "$BATS_FILE_TMPDIR/out"; }

@test "in no order of steps is a session removed under a member, or anything else, or anything left, or anyone kept waiting" {
	run lines_of ': no error,'
	assert_equal "${#lines[@]}" 8
	refute_output --regexp '^(BAD|BROKEN)'
}

@test "each of the protocol's rules is needed: without it there is an error, the one it prevents" {
	run lines_of '(assertion violated|invalid end state)'
	assert_equal "${#lines[@]}" 16
	refute_output --regexp '^(BAD|BROKEN)'
}

@test "the model names functions that are there" {
	local name

	while read -r name; do
		grep -rqw "$name" "$PRIVTMP_SOURCE"/{shim/session,tools} || fail "no $name"
	done < <(sed -n 's/^inline \([a-z]*_[a-z_]*\)(.*/\1/p' "$PRIVTMP_SOURCE/tests/model/session.pml")
}
