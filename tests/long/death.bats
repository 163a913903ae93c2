# SPDX-License-Identifier: LGPL-2.1-or-later
# SIGKILLs in number; see ../death.bats for each kind of death by itself.

load ../common

# figure LABEL: the number that the report has behind LABEL's words.
figure() {
	sed -nE "s/^$1.*/\\1/p" <<<"$output"
}

# The sessions of helpers that were killed, too, show that the measure sees what
# is left, and that sweep is what removes it.
@test "1,000 SIGKILLs at random moments, helpers included: none left where one lived, none after a sweep" {
	local lived

	run "$PRIVTMP_SOURCE/tests/kill-1000" 1000
	printf '# %s\n' "${lines[@]}" >&3
	[[ $status -eq 0 ]] || fail "$output"
	assert_line --regexp '^1000 times killed'
	assert_line --regexp '^helper lived: [0-9]+ sessions, 0 left$'
	assert_line "directories left after the sweep: 0"
	lived=$(figure 'helper lived: ([0-9]+) sessions')
	((lived > 100)) || fail "only $lived sessions were met"
	(($(figure 'helper killed: [0-9]+ sessions, ([0-9]+) left') > 10))
	(($(figure 'directories left before the sweep: ([0-9]+)') > 10))
}
