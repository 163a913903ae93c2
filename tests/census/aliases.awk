# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Names each function of a libc that is another name for one that is wrapped,
# and is not itself accounted for.
#
#   nm -D LIBC | awk -v covered=FILE -v reviewed=FILE -f aliases.awk
#
# The files are as census has them. Two names with one address are one function.

function read(file, set,    line, part)
{
	while ((getline line < file) > 0)
		if (line !~ /^#/ && line != "") {
			split(line, part, " ")
			set[part[1]] = 1
		}
	close(file)
}

BEGIN {
	read(covered, wrapped)
	read(reviewed, seen)
}

NF == 3 && $2 ~ /^[TWi]$/ {
	name = $3
	sub(/@.*/, "", name)
	if (name in wrapped)
		known[$1] = name
	names[$1] = names[$1] " " name
}

END {
	for (address in known) {
		n = split(names[address], list, " ")
		for (i = 1; i <= n; i++)
			if (!(list[i] in wrapped) && !(list[i] in seen) && !told[list[i]]++) {
				print list[i] ": another name for " known[address]
				missing++
			}
	}
	exit missing > 0
}
