# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Writes the trace points of libprivtmp-audit.so: around each wrapper of calls.def's rows,
# and of those of traced.def.
#
#   awk -f rows.awk -f gen-trace.awk -v have=SYMBOLS -v want=calls|names|code|numbers
#       -v hand=SOURCE FILES
#
# want=calls: numbers of calls, for the library and the tool; names: which wrappers have a
# trace point before them, so that they are not exported themselves; code: trace points;
# numbers: the calls that are so by number, too, but for those that SOURCE names (SYS_name).

BEGIN {
	FS = "|"
	while ((getline line < have) > 0)
		if (split(line, part, /@@?/) == 2) {
			many = part[1] in version
			version[part[1]] = many || line ~ /@@/ ? "" : part[2]
		}
	print "/* Made by gen-trace.awk; do not edit. */"
	if (want == "numbers")
		read_by_hand(hand)
	if (want == "calls") {
		print "#ifndef PRIVTMP_TRACE_CALLS_H\n#define PRIVTMP_TRACE_CALLS_H\n"
		print "#define TRACE_CALLS(ROW) \\"
	}
	if (want == "code") {
		print "#define _GNU_SOURCE"
		print "#include \"audit/outer.h\""
	}
}

/^[ \t]*(#|$)/ { next }

{
	type = trim($1); fn = trim($2)
	if (version[fn] != "")
		next # there for old programs alone
	if (want == "calls")
		printf "\tROW(%s) \\\n", fn
	else if (want == "names")
		printf "#define TRACED_%s , WRAP_INNER\n", fn
	else if (want == "numbers" && type != "-" && fn ~ /^[a-z]/ && !(fn in by_hand))
		write_number()
	else if (want == "code" && type != "-")
		write_point()
}

# The descriptor that a path starts from, by its rules.
function start(rules)
{
	if (match(rules, /@[a-z]+/))
		return substr(rules, RSTART + 1, RLENGTH - 1)
	return "AT_FDCWD"
}

# What is written down of the other arguments.
function numbers(params)
{
	if (params ~ /const char \*mode/)
		printf "\tp.a = point_stream_flags(mode);\n"
	if (params ~ /(int|unsigned|unsigned long) flags/)
		printf "\tp.a = (unsigned)flags;\n"
	if (params ~ /unsigned mode/ && params ~ /int flags/ && fn ~ /open/)
		printf "\tp.b = (unsigned)flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ? mode : 0;\n"
	else if (params ~ /(int|unsigned) mode/)
		printf "\tp.b = (unsigned)mode;\n"
	if (params ~ /unsigned uid/)
		printf "\tp.a = uid;\n\tp.b = gid;\n"
}

# Which calls return a descriptor.
function returns_fd()
{
	return type == "int" && fn ~ /open|creat/ && fn !~ /dir/
}

function write_number(    params, k, n, list, word, from, paths, a, b)
{
	params = trim($3)
	read_places(params)
	n = split($4, list, ";")
	paths = ""
	for (k = 1; k <= n; k++) {
		split(trim(list[k]), word, " ")
		from = start(list[k])
		paths = paths (k > 1 ? ", " : "") "{ " place[word[1]] ", " (from in place ? place[from] : 0) " }"
	}
	a = "uid" in place ? place["uid"] : "flags" in place ? place["flags"] : 0
	b = "uid" in place ? place["gid"] : "mode" in place ? place["mode"] : 0
	printf "\n#ifdef SYS_%s\n", fn
	printf "\t[SYS_%s] = { CALL_%s, { %s }, .a = %s, .b = %s", fn, fn, paths, a, b
	if (params ~ /int flags/ && fn ~ /^open/)
		printf ", .open = true"
	if (returns_fd())
		printf ", .fd = true"
	print " },\n#endif"
}

function write_point(    params, args, fail, star, paths, list, k, name, word, fd, void_fd)
{
	params = trim($3)
	fail = NF > 4 ? trim($5) : "-1"
	args = arguments(params)
	star = type ~ /\*$/ ? "" : " "
	fd = returns_fd() ? "true" : "false"
	paths = split($4, list, ";")
	for (k = 1; k <= paths; k++) {
		split(trim(list[k]), word, " ")
		name[k] = word[1]
	}
	printf "\n%s%spt_%s(%s) WRAP_INNER(\"%s\");\n", type, star, fn, params, fn
	printf "%s%sau_%s(%s) WRAP_SYMBOL(\"%s\");\n\n", type, star, fn, params, fn
	printf "%s%sau_%s(%s)\n{\n\tstruct point p;\n\t%s%sret;\n\n", type, star, fn, params, type, star
	printf "\tif (likely("
	for (k = 1; k <= paths; k++)
		printf "%s!point_wanted(%s, %s)", (k > 1 ? " && " : ""), start(list[k]), name[k]
	printf "))\n\t\treturn pt_%s(%s);\n", fn, args
	printf "\tpoint_begin(&p, CALL_%s, POINT_SITE, %s, %s);\n", fn, start(list[1]), name[1]
	if (paths > 1)
		printf "\tpoint_other(&p, %s, %s);\n", start(list[2]), name[2]
	numbers(params)
	printf "\tret = pt_%s(%s);\n", fn, args
	printf "\tpoint_end(&p, ret == %s, %s, %s);\n", fail, (fail ~ /NULL/ ? "0" : "(long)ret"), fd
	if (fn ~ /chdir/)
		printf "\twatch_moved();\n"
	printf "\treturn ret;\n}\n"
}

END {
	if (want == "calls") {
		print "\n#define TRACE_CALL_NUMBER(name) CALL_##name,"
		print "enum trace_call { TRACE_CALLS(TRACE_CALL_NUMBER) CALLS };"
		print "\n#endif"
	}
}
