# SPDX-License-Identifier: LGPL-2.1-or-later
# For what reads summary.awk's JSON, a result a line: the value of NAME in this one.
function field(name,    s) {
	s = $0
	sub(".*\"" name "\": \"?", "", s)
	sub(/["},].*/, "", s)
	return s
}
