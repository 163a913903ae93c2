# SPDX-License-Identifier: LGPL-2.1-or-later
# Every function of the table calls.def, one after the other.

load common

setup() {
	DIR=/tmp/privtmp-every-$$-$RANDOM
	awk -v "have=$PRIVTMP_BUILD/shim/gen/have.txt" -f "$PRIVTMP_SOURCE/shim/gen/rows.awk" \
		-f "$PRIVTMP_SOURCE/tests/every.awk" "$PRIVTMP_SOURCE/shim/wrap/calls.def" >"$BATS_TEST_TMPDIR/functions"
}

teardown() {
	rm -rf "$DIR"
}

# every [COMMAND [ARG]...]: what all of them answer under COMMAND.
every() {
	"$@" "$PROGS/every" "$DIR" <"$BATS_TEST_TMPDIR/functions"
}

@test "every plain path function answers as without the shim: elsewhere, in /tmp, by a detour" {
	[[ $(wc -l <"$BATS_TEST_TMPDIR/functions") -gt 40 ]]
	every >"$BATS_TEST_TMPDIR/bare"
	[[ ! -e $DIR ]]
	every shimmed >"$BATS_TEST_TMPDIR/shimmed"
	grep -q "^open $DIR/no/such: -1 2\$" "$BATS_TEST_TMPDIR/bare"
	grep -q "^open $DIR/file: number 0\$" "$BATS_TEST_TMPDIR/bare"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2
	assert_no_session
}
