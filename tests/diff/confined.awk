# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Takes from the output of diff what differs in a confined session, and is meant to. What
# is left is printed, and is not: above all an EACCES that the bare run lacks.

# Whether the step in the lines A (real) and B (confined) may differ so.
function is_meant(a, b,    step)
{
	step = substr(a, 3)
	sub(/ : .*/, "", step)
	if (substr(b, 3, length(step) + 3) != step " : ")
		return 0
	# Processes outside of the domain cannot be looked into, as if traced.
	if (step ~ /\/proc\/1\//)
		return 1
	# In "/" nothing can be removed or made: nor a name exchanged for itself, which
	# the kernel asks before it sees that there is nothing to do. (The driver calls
	# every refusal to take a top directory away EBUSY.)
	if (step ~ /rename/ && a ~ / => 0 -( exit 0)?$/ && b ~ / => -1 EBUSY( exit 0)?$/)
		return 1
	# A directory gets no second name, and nothing gets one on another mount: the
	# kernel asks whether it may before it says so.
	return step ~ /link/ && a ~ / => -1 EPERM( exit 0)?$/ && b ~ / => -1 EXDEV( exit 0)?$/
}

# What belongs to a hunk: what a step changed stands below it, indented.
function end_hunk(    i, meant)
{
	meant = n > 0 && n == m
	for (i = 1; i <= n && meant; i++)
		meant = is_meant(real[i], confined[i])
	if (!meant)
		printf "%s", hunk
	n = m = 0
	hunk = ""
}

/^[0-9]/ { end_hunk() }
{ hunk = hunk $0 "\n" }
/^[<>] fixture: / { next }
/^< [^ ]/ { real[++n] = $0 }
/^> [^ ]/ { confined[++m] = $0 }
END { end_hunk() }
