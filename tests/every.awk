# SPDX-License-Identifier: LGPL-2.1-or-later
#
# From the rows of calls.def, what tests/progs/every reads (after rows.awk). -v have=FILE
# names the functions of the libc at hand, one a line.

BEGIN {
	FS = "|"
	while ((getline line < have) > 0)
		exists[line] = 1
}

/^[ \t]*(#|$)/ { next }

trim($2) in exists {
	split("", is)
	n = split($4, rules, ";")
	for (i = 1; i <= n; i++) {
		split(trim(rules[i]), word, " ")
		is[word[1]] = "path"
		if (match(rules[i], / @[a-z]+/))
			is[substr(rules[i], RSTART + 2, RLENGTH - 2)] = "dirfd"
	}
	printf "%s %s", trim($2), $1 ~ /\*/ ? "pointer" : "number"
	n = split($3, list, ",")
	for (i = 1; i <= n; i++) {
		name = parameter(list[i])
		printf " %s", name in is ? is[name] :
			list[i] ~ /const char \*/ ? "word" :
			name == "stream" ? name :
			list[i] ~ /\*/ ? "data" : "number"
	}
	print ""
}
