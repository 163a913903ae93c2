# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Writes symbol versions for the linker (want=map) and the sources (want=header).
#
#   awk -f gen-versions.awk -v want=map|header SYMBOLS
#
# SYMBOLS is the output of libc-symbols. A wrapper without a version replaces all versions
# of its name in libc, which is right for most functions. The behaviour of the functions
# below has changed between versions. Programs linked before still get the old one. So the
# shim exports the same versions as libc, and defines the old one where OLD_name, its
# version, is defined. OLD_VERSION is libc's first version. Not among them: glob, which
# since 2.27 also finds links that lead nowhere.
#
# Those of "kept" are in other libraries, too, which have to stay: so the shim exports them
# with libc's version alone, which is KEPT_name.

BEGIN {
	count = split("chown nftw nftw64 posix_spawn posix_spawnp readdir64 " \
		"readdir64_r realpath scandir64", list, " ")
	for (i = 1; i <= count; i++)
		changed[list[i]] = 1
	keeps = split("callrpc clnt_create clntunix_create getrpcport svcunix_create", \
		kept, " ")
	for (i = 1; i <= keeps; i++)
		is_kept[kept[i]] = 1
}

/@/ {
	split($0, part, /@@?/)
	if (part[1] == "abort")
		first = part[2]
	if (part[1] in is_kept)
		version[part[1]] = part[2]
	if (!(part[1] in changed))
		next
	if ($0 ~ /@@/)
		now[part[1]] = part[2]
	else if (!(part[1] in old) || older(part[2], old[part[1]]))
		old[part[1]] = part[2]
}

# Whether the version A ("GLIBC_2.2.5") came before B.
function older(a, b,    n, i, x, y)
{
	sub(/^[^0-9]*/, "", a)
	sub(/^[^0-9]*/, "", b)
	n = split(a, x, ".")
	if (split(b, y, ".") > n)
		n = split(b, y, ".")
	for (i = 1; i <= n; i++)
		if (x[i] + 0 != y[i] + 0)
			return x[i] + 0 < y[i] + 0
	return 0
}

function header(    i)
{
	print "/* Made by gen-versions.awk; do not edit. */"
	if (first == "")
		return
	printf "#define OLD_VERSION \"%s\"\n", first
	for (i = 1; i <= count; i++)
		if (list[i] in old && list[i] in now)
			printf "#define OLD_%s \"%s\"\n", list[i], old[list[i]]
	for (i = 1; i <= keeps; i++)
		if (kept[i] in version)
			printf "#define KEPT_%s \"%s\"\n", kept[i], version[kept[i]]
}

# A node for each version; the names in it are those that are the default.
function map(    i, node, nodes, order, name, swap, j)
{
	print "# Made by gen-versions.awk; do not edit."
	if (first == "") {
		print "{ global: *; };"
		return
	}
	node[first] = ""
	for (i = 1; i <= count; i++) {
		name = list[i]
		if (!(name in old) || !(name in now))
			continue
		node[old[name]] = node[old[name]] ""
		node[now[name]] = node[now[name]] "\t\t" name ";\n"
	}
	for (i = 1; i <= keeps; i++)
		if (kept[i] in version)
			node[version[kept[i]]] = node[version[kept[i]]] ""
	nodes = 0
	for (name in node)
		order[++nodes] = name
	for (i = 1; i <= nodes; i++)
		for (j = i + 1; j <= nodes; j++)
			if (older(order[j], order[i])) {
				swap = order[i]
				order[i] = order[j]
				order[j] = swap
			}
	for (i = 1; i <= nodes; i++)
		printf "%s {\n%s%s}%s;\n", order[i],
			(node[order[i]] == "" ? "" : "\tglobal:\n" node[order[i]]),
			(i > 1 ? "" : "\tlocal:\n\t\tpt_old_*;\n"),
			(i > 1 ? " " order[i - 1] : "")
}

END {
	if (want == "map")
		map()
	else
		header()
}
