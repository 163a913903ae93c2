# SPDX-License-Identifier: LGPL-2.1-or-later
# The table, from summary.awk's JSON (after field.awk).

/"section"/ {
	if (field("section") != last) {
		last = field("section")
		printf "%s%s\n", (NR > 2 ? "\n" : ""), last
	}
	printf "  %-14s %10s %-12s %8.2f x\n", field("name"), field("median"), field("unit"), field("ratio")
}
