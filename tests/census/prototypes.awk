# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Reads preprocessed C and prints the functions whose prototype leaves room for
# a path, as "NAME<tab>TYPE NAME(PARAMETERS)": a parameter that is a string, a
# list of strings, a socket address or one of the structures that hold paths,
# or a result that may be or hold one. What a parameter is called is not gone
# by: musl's have no names, and a path may be called anything. A function that
# is redirected to another symbol (open to open64) goes by that one's name.

# The index of the ")" that belongs to the "(" at AT in S.
function closing(s, at,    i, c, depth)
{
	depth = 0
	for (i = at; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (c == "(")
			depth++
		else if (c == ")" && --depth == 0)
			return i
	}
	return length(s)
}

# S without "WORD (...)".
function without(s, word,    at, end)
{
	while (match(s, word "[ \t]*\\(")) {
		at = RSTART
		end = closing(s, RSTART + RLENGTH - 1)
		s = substr(s, 1, at - 1) " " substr(s, end + 1)
	}
	return s
}

function holds_path(type)
{
	return type ~ /sockaddr|SOCKADDR|msghdr|mntent|fstab|Dl_info|link_map|dl_phdr_info|FTS|ftw|glob(64)?_t|wordexp_t|file_actions|open_how/
}

function declaration(s,    at, end, name, type, params, plain, symbol)
{
	if (s !~ /\(/ || s ~ /(^|[^_a-zA-Z0-9])typedef([^_a-zA-Z0-9]|$)/)
		return
	if (match(s, /@[_a-zA-Z0-9]+/)) {
		symbol = substr(s, RSTART + 1, RLENGTH - 1)
		sub(/@[_a-zA-Z0-9]+/, "", s)
	}
	s = without(without(without(s, "__attribute__"), "__asm__"), "_Alignas")
	gsub(/__extension__|__restrict|restrict|__inline|extern/, " ", s)
	gsub(/[ \t]+/, " ", s)
	if (!match(s, /[_a-zA-Z][_a-zA-Z0-9]* ?\(/))
		return
	at = RSTART
	name = substr(s, at, RLENGTH - 1)
	sub(/ $/, "", name)
	type = substr(s, 1, at - 1)
	gsub(/^ +| +$/, "", type)
	at = at + RLENGTH - 1
	end = closing(s, at)
	params = substr(s, at + 1, end - at - 1)
	plain = params
	gsub(/(unsigned|signed) char|wchar_t|uint8_t/, "byte", plain)
	if (plain ~ /char[^,]*[*[]/ || holds_path(params) || holds_path(type) ||
	    type ~ /(^| )(char|FILE|DIR) ?\*/)
		print (symbol == "" ? name : symbol) "\t" type " " name "(" params ")"
}

# SYMBOL" )" becomes SYMBOL.
function symbol_of(s)
{
	sub(/".*/, "", s)
	return s " "
}

/^#/ { next }

# Declarations end at a ";" outside all braces; what is in braces is the body
# of a function, after a ")", or of a structure.
{
	# __asm__ ("" "symbol") becomes @symbol; other strings are of no interest.
	gsub(/__asm__ *\( *("" *)?"/, "@")
	while (match($0, /@[_a-zA-Z0-9]+"[ )]*/))
		$0 = substr($0, 1, RSTART - 1) symbol_of(substr($0, RSTART, RLENGTH)) \
			substr($0, RSTART + RLENGTH)
	gsub(/"([^"\\]|\\.)*"/, "\"\"")
	line = $0
	while (match(line, /[;{}]/)) {
		c = substr(line, RSTART, 1)
		if (depth == 0)
			text = text " " substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + 1)
		if (c == "{") {
			if (depth++ == 0 && text ~ /\)[ \t]*$/) {
				declaration(text)
				in_function = 1
			}
		} else if (c == "}") {
			if (--depth == 0 && in_function) {
				text = ""
				in_function = 0
			}
		} else if (depth == 0) {
			declaration(text)
			text = ""
		}
	}
	if (depth == 0)
		text = text " " line
}
