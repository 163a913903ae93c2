# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2034 # for every.bash
#
# Every function of the table calls.def, and many of those that are wrapped by hand, one after
# the other.

load common
load every

@test "every plain path function answers and leaves the same as without the shim" {
	awk -v "have=$PRIVTMP_BUILD/shim/gen/have.txt" -f "$PRIVTMP_SOURCE/shim/gen/rows.awk" \
		-f "$PRIVTMP_SOURCE/tests/every.awk" "$PRIVTMP_SOURCE/shim/wrap/calls.def" >functions
	[[ $(wc -l <functions) -gt 40 ]]
	same functions shimmed
	grep -q '^open no/such: -1 2 ' bare
	grep -q '^open file: number 0 ' bare
	grep -q '^mkdir none: 0 0 .*; left .* none 4' bare
}

@test "every name of the list is one that the shim knows" {
	run comm -23 <(grep -v '^#' "$PRIVTMP_SOURCE/tests/every.list" | cut -d ' ' -f 1 | sort -u) \
		<(grep -rohE --include='*.[ch]' --include='*.def' '[A-Za-z_][A-Za-z0-9_]*' \
			"$PRIVTMP_SOURCE/shim" | sort -u)
	assert_output ""
}

@test "every function that is wrapped by hand answers and leaves the same, too" {
	by_hand
	same functions shimmed
	grep -q '^readlink link: number 0 "file" ' bare
	grep -q '^realpath detour to link: *"'"$DIR"'/file" 0 ' bare
	grep -q '^chdir dir: 0 0 in '"$DIR"'/dir$' bare
	grep -q '^mktime elsewhere: .* localtime 9:00' bare
}

@test "they do where no variable names a file" {
	NAMED=()
	LEAST=40
	grep -E " (time|tm|'|locale|=176|=237)" "$PRIVTMP_SOURCE/tests/every.list" >functions
	same functions shimmed
	grep -q '^mktime elsewhere: .* localtime 0:00' bare
}

@test "the measure itself: another answer, and another file that is left, would be seen" {
	grep -E '^(mkdir|readlink) ' "$PRIVTMP_SOURCE/tests/every.list" >functions
	echo "mkdir number path number" >>functions
	answers functions >bare
	sed '/^mkdir none:/s/; left.*//' bare >without
	run unlike bare without
	assert_line --regexp '^shimmed mkdir none: 0 0 in /usr$'
	sed '/^readlink link:/s/file/other/' bare >other
	run unlike bare other
	assert_line --regexp '^shimmed readlink link: .*other'
	run unlike bare bare
	assert_output ""
	run unlike bare <(sed 1d bare)
	assert_line --regexp 'answers, not'
}
