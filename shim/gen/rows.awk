# SPDX-License-Identifier: LGPL-2.1-or-later
# For what reads the rows of calls.def; before it on the command line.

function trim(s)
{
	gsub(/^[ \t]+|[ \t]+$/, "", s)
	return s
}

# The name in one parameter's declaration.
function parameter(s)
{
	s = trim(s)
	sub(/^.*[ *]/, "", s)
	return s
}
