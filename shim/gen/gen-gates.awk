# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Writes the table of system calls by number, as far as calls.def has it: a call with the
# name of a row takes the row's arguments.
#
#   awk -f rows.awk -f gen-gates.awk -v hand=TABLE calls.def
#
# A call that TABLE (syscall/table.c) names, as SYS_name, is left to it. What cannot be
# said of a number stops the compiler where the kernel has the call.

BEGIN {
	FS = "|"
	read_by_hand(hand)
	print "/* Made from calls.def by gen-gates.awk; do not edit. */"
}

/^[ \t]*(#|$)/ { next }

trim($2) ~ /^[a-z]/ && !(trim($2) in by_hand) {
	fn = trim($2)
	read_places($3)
	count = split($4, list, ";")
	odd = paths = ""
	for (k = 1; k <= count; k++) {
		read_rules(k, list[k])
		paths = paths (k > 1 ? "," : "") "\n\t\t{ " fields(k) " }"
	}
	printf "\n#ifdef SYS_%s\n", fn
	if (odd != "")
		printf "#error \"%s: by number, \\\"%s\\\" is for table.c\"\n", fn, odd
	else
		printf "\t[SYS_%s] = { .path = {%s\n\t}%s },\n", fn, paths, (links[1] ? ", .moves = true" : "")
	print "#endif"
}

# Path K's members of struct gate_path.
function fields(k,    out)
{
	out = ".arg = " place[name[k]]
	if (fd[k] != "AT_FDCWD")
		out = out ", .dirfd = " place[fd[k]]
	out = out following(follow[k])
	if (intent[k] ~ /^\(unsigned\)/ && intent[k] !~ /^\(unsigned\)\(intent_open\([a-z]+\)\)$/)
		odd = intent[k]
	else if (intent[k] !~ /^\(unsigned\)/)
		out = out ", .intent = " intent[k] (kept[k] == "" ? " | ROUTE_PIN" : "")
	return out
}

# How a link at the end is followed: a word, or a function of the flags.
function following(expression,    call, given, flags, bit)
{
	if (expression !~ /^\(/ || expression == "(CREATE)")
		return ", .follow = " expression
	call = expression
	sub(/^\(/, "", call)
	sub(/\(.*/, "", call)
	given = substr(expression, length(call) + 3)
	gsub(/\/\*[^*]*\*\/|\((int|unsigned)\)|[ ()]/, "", given)
	flags = bit = given
	sub(/,.*/, "", flags)
	sub(/^[^,]*,?/, "", bit)
	if (call == "follow_open")
		return ", .open = true, .flags = " place[flags]
	if (call == "follow_at")
		return unless(flags, "AT_SYMLINK_NOFOLLOW")
	if (call == "follow_link")
		return unless("~" flags, "AT_SYMLINK_FOLLOW")
	if (call == "follow_unless")
		return unless(flags, bit)
	odd = expression
	return ""
}

# FLAGS: the parameter that BIT is in; with ~ before it BIT says that a link is followed.
function unless(flags, bit,    only_if)
{
	only_if = sub(/^~/, "", flags)
	return ", .flags = " place[flags] ", .bit = " bit ", .follow = " \
		(only_if ? "NOFOLLOW" : "FOLLOW") ", .other = " (only_if ? "FOLLOW" : "NOFOLLOW")
}
