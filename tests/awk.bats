# SPDX-License-Identifier: LGPL-2.1-or-later
# Each awk makes the same of each awk program here: which one "awk" is, or configure has
# found, changes nothing.

load common

setup() {
	cd "$PRIVTMP_SOURCE" || return
	GEN=shim/gen
	HAVE=$PRIVTMP_BUILD/$GEN/have.txt
	BENCH=tests/bench
	CENSUS=tests/census
	OUT=$BATS_TEST_TMPDIR
}

# Those that are there, one a line, as they are called.
awks() {
	local name

	for name in mawk gawk 'gawk --posix' 'busybox awk' original-awk; do
		if $name 'BEGIN { exit 0 }' </dev/null 2>/dev/null; then
			echo "$name"
		fi
	done
}

# same FILE FUNCTION: what FUNCTION prints when it is given an awk is what is in FILE.
same() {
	local awk made=$OUT/made

	while read -r awk; do
		"$2" "$awk" >"$made" 2>&1 || :
		cmp "$made" "$1" >&2 ||
			fail "$awk makes something else in $2: $(diff "$made" "$1" | head -n 5)"
	done < <(awks)
}

# agreed FUNCTION [LINES]: all print the same, and more lines than that.
agreed() {
	local first

	first=$(awks | head -n 1)
	"$1" "$first" >"$OUT/agreed"
	(($(wc -l <"$OUT/agreed") > ${2:-10}))
	same "$OUT/agreed" "$1"
}

calls() { $1 -f "$GEN/rows.awk" -f "$GEN/gen-calls.awk" -v have="$HAVE" shim/wrap/calls.def; }
gates() {
	$1 -f "$GEN/rows.awk" -f "$GEN/gen-gates.awk" -v hand=shim/syscall/table.c \
		shim/wrap/calls.def
}
header() { $1 -f "$GEN/gen-versions.awk" -v want=header "$HAVE"; }
map() { $1 -f "$GEN/gen-versions.awk" -v want=map "$HAVE"; }
covered() {
	nm -D --defined-only "$SHIM" |
		$1 -f "$GEN/gen-covered.awk" -v have="$HAVE" -v abi=tests/census/abi/glibc.list \
			"$GEN/reviewed.list" -
}

@test "each awk makes the sources of the build that are there" {
	[[ $(awks | wc -l) -gt 0 ]]
	same "$PRIVTMP_BUILD/$GEN/calls.c" calls
	same "$PRIVTMP_BUILD/$GEN/gates.h" gates
	same "$PRIVTMP_BUILD/$GEN/versions.h" header
	same "$PRIVTMP_BUILD/$GEN/versions.map" map
	same "$PRIVTMP_BUILD/$GEN/covered.c" covered
}

@test "each awk tells a function that libc keeps for old programs alone from others" {
	local awk

	printf '%s\n' mkdir mkdir@V1 rmdir rmdir@V1 rmdir@@V2 unlink unlink@V1 unlink@V2 \
		>"$OUT/have"
	while read -r awk; do
		HAVE=$OUT/have calls "$awk" >"$OUT/calls.c"
		run -0 sed -nE 's/^(WRAP[A-Z_]*\(int, (mkdir|rmdir|unlink))(, "[^"]*")?,.*/\1\3/p' \
			"$OUT/calls.c"
		assert_output 'WRAP_HIDDEN(int, mkdir, "V1"
WRAP(int, rmdir
WRAP(int, unlink'
	done < <(awks)
}

every() {
	$1 -v "have=$HAVE" -f "$GEN/rows.awk" -f tests/every.awk shim/wrap/calls.def
}
prototypes() { $1 -f "$CENSUS/prototypes.awk" "$OUT/headers.i"; }
summary() { $1 -f "$BENCH/summary.awk" "$OUT/results"; }
table() { $1 -f "$BENCH/field.awk" -f "$BENCH/table.awk" "$BENCH/results/bench.json"; }
figures() { $1 -f "$BENCH/field.awk" -f "$BENCH/figures.awk" "$BENCH/results/bench.json"; }
picture() {
	if ! $1 'BEGIN { exit log(2) < 0 }' 2>/dev/null; then
		cat "$OUT/agreed"	# built without logarithms, it says so itself
		return
	fi
	$1 -f "$BENCH/field.awk" -f "$BENCH/draw.awk" -v section=start -v title=T \
		"$BENCH/results/bench.json"
}

@test "each awk reads the same from the tables and results of the tests" {
	${CC:-cc} -E -w "$CENSUS/headers.c" >"$OUT/headers.i" 2>/dev/null || :
	printf 'start\tbare\tms\t2\nstart\tshim\tms\t3\nstart\tshim\tms\t7\n' >"$OUT/results"
	agreed every
	agreed prototypes
	agreed summary 1
	agreed table
	agreed figures
	agreed picture
}
