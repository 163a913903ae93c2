# SPDX-License-Identifier: LGPL-2.1-or-later
# From lines SECTION NAME UNIT VALUE (tabs between) to JSON, one result a line, with
# the median and its ratio to the section's first result.
BEGIN { FS = "\t" }

{
	key = $1 "\t" $2
	if (!(key in unit)) {
		order[++n] = key
		if (!($1 in first)) {
			first[$1] = key
			sections[++s] = $1
		}
	}
	unit[key] = $3
	value[key, ++count[key]] = $4 + 0
}

function median(key,    i, j, m, v, t) {
	m = count[key]
	for (i = 1; i <= m; i++) {
		t = value[key, i]
		for (j = i - 1; j > 0 && v[j] > t; j--)
			v[j + 1] = v[j]
		v[j + 1] = t
	}
	return m % 2 ? v[(m + 1) / 2] : (v[m / 2] + v[m / 2 + 1]) / 2
}

function result(key,    part, base, this) {
	split(key, part, "\t")
	base = median(first[part[1]])
	this = median(key)
	printf "%s{\"section\": \"%s\", \"name\": \"%s\", ", comma, part[1], part[2]
	printf "\"unit\": \"%s\", \"median\": %.6g, ", unit[key], this
	printf "\"ratio\": %.3f, \"runs\": %d}", (base ? this / base : 0), count[key]
	comma = ",\n"
}

END {
	print "["
	for (i = 1; i <= s; i++)
		for (j = 1; j <= n; j++)
			if (index(order[j], sections[i] "\t") == 1)
				result(order[j])
	print "\n]"
}
