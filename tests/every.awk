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

# What PARAM, with the declaration DECLARED, is.
function kind(declared, param)
{
	if (param in is)
		return is[param]
	if (declared ~ /const char \*/)
		return "word"
	if (param == "stream")
		return param
	return declared ~ /\*/ ? "data" : "number"
}

trim($2) in exists {
	split("", is)
	n = split($4, rules, ";")
	for (i = 1; i <= n; i++) {
		split(trim(rules[i]), word, " ")
		is[word[1]] = "path"
		if (match(rules[i], / @[a-z]+/))
			is[substr(rules[i], RSTART + 2, RLENGTH - 2)] = "dirfd"
	}
	printf "%s %s", trim($2), ($1 ~ /\*/ ? "pointer" : "number")
	n = split($3, list, ",")
	for (i = 1; i <= n; i++) {
		printf " %s", kind(list[i], parameter(list[i]))
	}
	print ""
}
