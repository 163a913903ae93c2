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

# The names of a parameter list, as arguments.
function arguments(params,    n, i, list, out)
{
	n = split(params, list, ",")
	out = ""
	for (i = 1; i <= n; i++)
		out = out (i > 1 ? ", " : "") parameter(list[i])
	return out
}

# Splits one path's rules, keeping (...) together, into word[].
function words(s, word,    n, i, c, depth, w)
{
	n = 0
	w = ""
	depth = 0
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (c == "(") depth++
		if (c == ")") depth--
		if (c == " " && depth == 0) {
			if (w != "") word[++n] = w
			w = ""
		} else {
			w = w c
		}
	}
	if (w != "") word[++n] = w
	return n
}

function rule_error(what)
{
	printf "%s:%d: %s\n", FILENAME, FNR, what > "/dev/stderr"
	failed = 1
	exit 1
}

# Reads one path's rules into name[k], follow[k], fd[k], intent[k], kept[k], closes[k],
# links[k], mounts[k].
function read_rules(k, s,    n, i, w, word)
{
	n = words(trim(s), word)
	name[k] = word[1]
	follow[k] = ""
	fd[k] = "AT_FDCWD"
	intent[k] = "ROUTE_READ"
	kept[k] = "ROUTE_PIN | "
	again[k] = "ROUTE_AGAIN | "
	closes[k] = 0
	links[k] = 0
	mounts[k] = 0
	for (i = 2; i <= n; i++) {
		w = word[i]
		if (w == "follow") follow[k] = "FOLLOW"
		else if (w == "nofollow") follow[k] = "NOFOLLOW"
		else if (w == "parent") follow[k] = "PARENT"
		else if (w == "write") intent[k] = intent[k] " | ROUTE_WRITE"
		else if (w == "unlink") intent[k] = intent[k] " | ROUTE_UNLINK"
		else if (w == "remove") intent[k] = intent[k] " | ROUTE_REMOVE"
		else if (w == "rename") intent[k] = intent[k] " | ROUTE_RENAME"
		else if (w == "link") intent[k] = intent[k] " | ROUTE_LINK"
		else if (w == "kept") kept[k] = ""
		else if (w == "closes") { closes[k] = 1; again[k] = "" }
		else if (w == "links") links[k] = 1
		else if (w == "mounts") mounts[k] = 1
		else if (w ~ /^@/) fd[k] = substr(w, 2)
		else if (w ~ /^\(/ && follow[k] == "") follow[k] = w
		else if (w ~ /^\(/) intent[k] = "(unsigned)" w
		else rule_error("unknown rule \"" w "\"")
	}
	if (follow[k] == "")
		rule_error(name[k] ": follow, nofollow or parent?")
}

# Which argument each parameter is; 64 bits are two where registers have 32.
function read_places(params,    n, i, each, wide)
{
	split("", place)
	wide = ""
	n = split(params, each, ",")
	for (i = 1; i <= n; i++) {
		place[parameter(each[i])] = i wide
		if (each[i] ~ /u?int64_t /)
			wide = wide " + WIDE"
	}
}

# Notes in by_hand[name] the calls that FILE names as SYS_name.
function read_by_hand(file,    line)
{
	while ((getline line < file) > 0)
		while (line !~ /^#/ && match(line, /SYS_[a-z0-9_]+/)) {
			by_hand[substr(line, RSTART + 4, RLENGTH - 4)] = 1
			line = substr(line, RSTART + RLENGTH)
		}
}
