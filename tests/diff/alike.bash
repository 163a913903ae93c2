# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For the tests that compare.

RUN=$PRIVTMP_SOURCE/tests/diff/run
# Of the differences, no more lines are printed.
SHOWN=60

# Paths of nearly as many links as may be; and openat2(2) that stays below its start, which
# must be called again (EAGAIN) where something was renamed or mounted meanwhile.
LOOP='^[<>] /.*l\(tmp\|dot\)\*\(3[89]\|40\)}'
STAYS='^[<>] .* openat2 .* 0x\(8\|10\) :'

# only_disturbed OUTPUT: it tells, to its end, of nothing but such calls, and of what came of
# them: what one that went through has changed, and what was to be made anew after it.
only_disturbed() {
	local lines

	lines=$(grep '^[<>]' <<<"$1") && [ "$(wc -l <<<"$lines")" -lt "$SHOWN" ] &&
		grep -q -e "$LOOP" -e "$STAYS.* EAGAIN" <<<"$lines" &&
		! grep -v -e "$LOOP" -e "$STAYS" -e '^[<>]  [-+] ' -e '^[<>] fixture: ' \
			<<<"$lines" >/dev/null
}

# compare OPTION...: the two sides; into the caller's status and output.
compare() {
	status=0
	output=$("$RUN" --shim "$SHIM" --show "$SHOWN" "$@" 2>&1) || status=$?
}

# alike OPTION...: the two sides agree. (No "run": a skip must end the test.)
alike() {
	local status output try

	# A lookup without locks that has to be done again, since something else on the
	# machine was in its way, goes on counting links where it was: 40 may be too many, and
	# 38, on either side. The longer a run is, the likelier it meets that.
	for try in 1 2 3 4; do
		compare "$@"
		[ "$status" = 1 ] || break
		only_disturbed "$output" || break
		echo "looked up again, in run $try: $output"
	done
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
