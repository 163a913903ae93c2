# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Writes down what the shim covers, for "privtmp --version --verbose" and "privtmp check".
#
#   nm -D --defined-only SHIM | awk -f gen-covered.awk -v have=SYMBOLS -v abi=LIST REVIEWED -
#
# What it exports is what it wraps: that is asked of the library itself. Of what
# has been reviewed only that is named which the libc at hand has. LIST is the census's
# list of glibc, whose head says how far it goes.

BEGIN {
	while ((getline line < have) > 0)
		exists[line] = 1
	while (newest == "" && (getline line < abi) > 0)
		if (match(line, /[0-9.]+ to [0-9]+[.][0-9]+/)) {
			newest = substr(line, RSTART, RLENGTH)
			sub(/.* to /, "", newest)
		}
}

FILENAME != "-" {
	if ($0 ~ /^#/ || !NF || !($1 in exists))
		next
	name = $1
	sub(/^[^ ]* */, "")
	reviewed[++r] = "\t{ \"" name "\", \"" $0 "\" },"
	next
}

# Names of versions are symbols, too.
$(NF - 1) == "A" { next }

{
	name = $NF
	sub(/@.*/, "", name)
	if (seen[name]++)
		next
	anywhere[++n] = name
	if (name in exists)
		wrapped[++w] = name
}

# By insertion: nm sorts by its own lights.
function sort(list, n,    i, j, value)
{
	for (i = 2; i <= n; i++) {
		value = list[i]
		for (j = i - 1; j > 0 && list[j] > value; j--)
			list[j + 1] = list[j]
		list[j + 1] = value
	}
}

END {
	if (!w || newest == "") {
		print "gen-covered.awk: the shim exports nothing, or LIST has no head" > "/dev/stderr"
		exit 1
	}
	sort(wrapped, w)
	sort(anywhere, n)
	sort(reviewed, r)
	print "/* Made by gen-covered.awk; do not edit. */"
	print "#include \"gen/covered.h\""
	print "\nconst char *const covered_functions[] = {"
	for (i = 1; i <= w; i++)
		print "\t\"" wrapped[i] "\","
	print "\t0\n};"
	print "\nconst char *const covered_anywhere[] = {"
	for (i = 1; i <= n; i++)
		print "\t\"" anywhere[i] "\","
	print "\t0\n};"
	print "\nconst char covered_newest_glibc[] = \"" newest "\";"
	print "\nconst struct covered_reviewed covered_reviewed[] = {"
	for (i = 1; i <= r; i++)
		print reviewed[i]
	print "\t{ 0, 0 }\n};"
}
