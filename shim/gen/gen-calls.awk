# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Writes the wrappers for the rows of calls.def.
#
#   awk -f rows.awk -f gen-calls.awk -v have=SYMBOLS calls.def
#
# SYMBOLS is a file with the functions of the libc at hand, one a line, as libc-symbols
# prints it. Rows for other functions are written, too: see missing.h.

# Replaces the word WORD in the argument list ARGS by TEXT.
function replaced(args, word, text,    n, i, list, out)
{
	n = split(args, list, /, /)
	out = ""
	for (i = 1; i <= n; i++)
		out = out (i > 1 ? ", " : "") (list[i] == word ? text : list[i])
	return out
}

BEGIN {
	FS = "|"
	while ((getline line < have) > 0) {
		exists[line] = 1
		if (split(line, part, /@@?/) == 2) {
			# Asked before the assignment: mawk makes the element first.
			many = part[1] in version
			version[part[1]] = many || line ~ /@@/ ? "" : part[2]
		}
	}
	print "/* Made from calls.def by gen-calls.awk; do not edit. */"
	print "#define _GNU_SOURCE"
	print "#include \"wrap/wrap.h\""
	print "#include \"wrap/missing.h\""
	print "#include \"wrap/mounts.h\""
	print "#include \"route/border.h\""
	print "#include \"wrap/open_flags.h\""
}

/^[ \t]*(#|$)/ { next }

{
	# "||" within an expression is not used, so FS is safe.
	type = trim($1); fn = trim($2); params = trim($3)
	fail = NF > 4 ? trim($5) : "-1"
	if (NF < 4)
		rule_error("too few columns")
	if (fail == "NULL")
		pointers = pointers "\n\t\"" fn "\\0\""
	paths = split($4, list, ";")
	for (k = 1; k <= paths; k++)
		read_rules(k, list[k])
	args = arguments(params)
	routed = args
	passes = spans = span_params = ""
	for (k = 1; k <= paths; k++) {
		routed = replaced(routed, name[k], "r" k ".path")
		passes = passes (k > 1 ? " && " : "") "span" k " && " clear(k)
		spans = spans ", span" k
		span_params = span_params ", size_t span" k
	}
	star = type ~ /\*$/ ? "" : " "
	# Only hidden versions: it is there for old programs alone.
	if (version[fn] != "")
		printf "\nWRAP_HIDDEN(%s, %s, \"%s\", %s);\n\n", type, fn, version[fn], params
	else
		printf "\nWRAP(%s, %s, %s);\n\n", type, fn, params
	write_first()
	write_routed()
	write_quick()
	write_wrapper()
}

# Whether one path is clear at a glance.
function clear(k)
{
	if (fd[k] == "AT_FDCWD")
		return "view_clear(" name[k] ")"
	return "view_clear_at(" fd[k] ", " name[k] ")"
}

# What is called until it is known what comes behind the wrapper: so that no call
# need ask whether that is known.
function write_first()
{
	printf "static %s%sfirst_%s(%s)\n{\n", type, star, fn, params
	printf "\treturn ((real_%s_fn *)wrap_find(&real_%s, \"%s\"))(%s);\n}\n", fn, fn, fn, args
	printf "static void *real_%s = (void *)first_%s;\n\n", fn, fn
}

# The full way: whatever the path is.
function write_routed(    k)
{
	printf "static __attribute__((noinline)) %s%srouted_%s(%s)\n{\n", type, star, fn, params
	for (k = 1; k <= paths; k++) {
		printf "\tstruct route r%d;\n", k
		printf "\tchar room%d[route_plan(&r%d, %s, %s, %s, %s)];\n", k, k, fd[k], name[k], follow[k], again[k] kept[k] intent[k]
	}
	for (k = 1; k <= paths; k++) {
		printf "\n\tif (route_go(&r%d, room%d) < 0)", k, k
		if (closes[k]) {
			printf " {\n\t\tconst int error = errno;\n\n"
			printf "\t\tWRAP_FOUND(%s)(%s);\n", fn, replaced(args, name[k], "\"\"")
			printf "\t\terrno = error;\n\t\treturn %s;\n\t}\n", fail
		} else if (k == 1)
			printf "\n\t\treturn %s;\n", fail
		else
			printf " {\n\t\troute_end_first(&r%d);\n\t\treturn %s;\n\t}\n", k - 1, fail
	}
	printf "\n\t%s%sret;\n\n\tdo {\n", type, star
	if (paths == 2 && links[1])
		printf "\t\tborder_moving(&r1, %s, &r2);\n\t\troute_rename(&r1, &r2);\n", fd[1]
	printf "\t\tret = WRAP_FOUND(%s)(%s);\n", fn, routed
	if (again[1] == "")
		printf "\t} while (0);\n\n"
	else
		printf "\t} while (unlikely(ret == %s) && route_again(&r1, %s));\n\n", fail, (paths == 2 ? "&r2" : "NULL")
	for (k = 1; k <= paths; k++)
		printf "\troute_end(&r%d);\n", k
	if (mounts[1]) {
		printf "\tif (ret != %s && r1.guard < 0 && mounts_named(%s))\n", fail, name[1]
		printf "\t\tmounts_show%s(ret);\n", (star == "" ? "_stream" : "")
	}
	printf "\treturn ret;\n}\n\n"
}

# The usual way of a path that more than a glance is needed for.
function write_quick(    k, quick)
{
	if (paths == 2 && links[1])
		return
	quick = args
	printf "static NO_PROTECTOR __attribute__((noinline)) %s%squick_%s(%s%s)\n{\n", type, star, fn, params, span_params
	for (k = 1; k <= paths; k++) {
		printf "\tchar room%d[ROUTE_QUICK];\n", k
		printf "\tconst char *to%d = route_quick(room%d, %s, span%d);\n", k, k, name[k], k
		quick = replaced(quick, name[k], "to" k)
	}
	printf "\n\tif (likely(to1%s))\n", (paths == 2 ? " && to2" : "")
	printf "\t\treturn WRAP_FOUND(%s)(%s);\n", fn, quick
	printf "\treturn routed_%s(%s);\n}\n\n", fn, args
}

# What every call pays. No call but the last: so it needs no frame.
function write_wrapper(    k, quick)
{
	quick = !(paths == 2 && links[1])
	printf "%s%spt_%s(%s)\n{\n", type, star, fn, params
	for (k = 1; k <= paths; k++)
		printf "\tsize_t span%d = view_scan(%s);\n", k, name[k]
	printf "\n\tif (likely(%s%s))\n\t\treturn WRAP_FOUND(%s)(%s);\n", passes, (quick ? "" : " && view_moves_plainly()"), fn, args
	printf "\treturn %s_%s(%s%s);\n}\n", (quick ? "quick" : "routed"), fn, args, (quick ? spans : "")
}

END {
	if (failed)
		exit 1
	printf "\nconst char missing_pointers[] =%s;\n", pointers
}
