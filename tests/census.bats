# SPDX-License-Identifier: LGPL-2.1-or-later
# The libc at hand, function by function: whatever may be about a path is wrapped,
# or is on the list of what has been looked at and needs nothing.

load common

setup() {
	CENSUS=$PRIVTMP_SOURCE/tests/census
	SYMBOLS=$PRIVTMP_BUILD/shim/gen/have.txt
	REVIEWED=$PRIVTMP_SOURCE/shim/gen/reviewed.list
	export CC=${CC:-cc}
	NM=$($CC -print-prog-name=nm)
	export NM
	COVERED=$BATS_TEST_TMPDIR/covered
	"$NM" -D --defined-only "$SHIM" |
		awk '{ sub(/@.*/, "", $NF); print $NF }' | LC_ALL=C sort -u >"$COVERED"
}

# census [COVERED [SOURCE [SYMBOLS]]]
census() {
	"$CENSUS/census" "${3:-$SYMBOLS}" "${1:-$COVERED}" "$REVIEWED" \
		"$CENSUS/surface.list" "${2:-$CENSUS/headers.c}"
}

# reviewed: the names on the list.
reviewed() {
	awk '!/^#/ && NF { print $1 }' "$REVIEWED"
}

@test "every function that may be about a path is wrapped or has been reviewed" {
	run -0 census
	assert_output ""
}

@test "every other name of a wrapped function is wrapped or has been reviewed" {
	local files

	cd "$BATS_TEST_TMPDIR"
	files=$(sh "$PRIVTMP_SOURCE/shim/gen/libc-symbols" files)
	[[ -n $files ]]
	for file in $files; do
		"$NM" -D "$file" 2>/dev/null || :
	done >symbols
	run -0 awk -v covered="$COVERED" -v reviewed="$REVIEWED" -f "$CENSUS/aliases.awk" symbols
	assert_output ""
}

@test "the census names a function whose row is gone from the table" {
	local table=$BATS_TEST_TMPDIR/table made=$BATS_TEST_TMPDIR/calls.c

	grep -v '| mkdirat |' "$PRIVTMP_SOURCE/shim/wrap/calls.def" >"$table"
	awk -f "$PRIVTMP_SOURCE/shim/gen/rows.awk" -f "$PRIVTMP_SOURCE/shim/gen/gen-calls.awk" \
		-v have="$SYMBOLS" "$table" >"$made"
	run -1 grep -w mkdirat "$made"
	grep -qw mkfifoat "$made"

	grep -vx mkdirat "$COVERED" >"$COVERED.less"
	run -1 census "$COVERED.less"
	[[ ${#lines[@]} -eq 1 && $output == "mkdirat: "* ]]
}

@test "the census names a known function that no header declares" {
	grep -vx __xstat "$COVERED" >"$COVERED.less"
	run -1 census "$COVERED.less"
	assert_output "__xstat: known to be about paths"
}

@test "the census names a function that a later libc may bring" {
	local source=$BATS_TEST_TMPDIR/more.c

	{
		cat "$CENSUS/headers.c"
		echo 'extern int frobnicate(int fd, const char *) __attribute__((nonnull(2)));'
		echo 'extern int twiddle(int fd, unsigned char *bytes);'
		echo 'extern int grind(const char *) __asm__("" "grind_time64");'
	} >"$source"
	{
		cat "$SYMBOLS"
		printf '%s\n' frobnicate twiddle grind_time64
	} >"$BATS_TEST_TMPDIR/symbols"
	run -1 census "$COVERED" "$source" "$BATS_TEST_TMPDIR/symbols"
	assert_line "frobnicate: int frobnicate(int fd, const char *)"
	assert_line "grind_time64: int grind(const char *)"
	[[ ${#lines[@]} -eq 2 ]]
}

@test "a census that sees hardly any function says so" {
	echo 'int stat(const char *, void *);' >"$BATS_TEST_TMPDIR/few.c"
	echo stat >"$BATS_TEST_TMPDIR/symbols"
	run -2 census "$COVERED" "$BATS_TEST_TMPDIR/few.c" "$BATS_TEST_TMPDIR/symbols"
	assert_output --partial "census: only"
}

@test "what has been reviewed stands on the list once, with a reason, and is not wrapped" {
	run -0 awk '!/^#/ && NF == 1' "$REVIEWED"
	assert_output ""
	run -0 bash -c "$(declare -f reviewed); REVIEWED=$REVIEWED; reviewed | sort | uniq -d"
	assert_output ""
	run -1 grep -Fx -f "$COVERED" <(reviewed)
	assert_output ""
}

@test "the launcher tells what is covered, and of all else why it need not be" {
	run -0 "$PRIVTMP" --version --verbose
	assert_line --regexp '^  glob_pattern_p +matches text'
	printf '%s\n' "${lines[@]}" | sed -n 's/^  //p' >"$BATS_TEST_TMPDIR/told"
	grep -Fx -f "$SYMBOLS" "$COVERED" | grep -v "^GLIBC_" >"$BATS_TEST_TMPDIR/here"
	run grep -Fxv -f "$BATS_TEST_TMPDIR/told" "$BATS_TEST_TMPDIR/here"
	assert_output ""
}

@test "every row of the table is exported, whatever this libc has" {
	local rows=$BATS_TEST_TMPDIR/rows

	awk -F'|' '!/^[ \t]*(#|$)/ { gsub(/ /, "", $2); print $2 }' \
		"$PRIVTMP_SOURCE/shim/wrap/calls.def" >"$rows"
	[[ $(wc -l <"$rows") -gt 120 ]]
	run grep -Fxv -f "$COVERED" "$rows"
	assert_output ""
}

# unaccounted COVERED: the functions of all libcs of the kind at hand that are neither
# in that file nor known to need nothing. "32": what no machine with 64 bits has.
unaccounted() {
	local libc=musl bits=64

	grep -qx gnu_get_libc_version "$SYMBOLS" && libc=glibc
	case $(head -c 5 "$SHIM" | od -An -tu1 -j4) in *1) bits=32 ;; esac
	awk -v bits=$bits '
		FILENAME ~ /plain.list$/ { for (i = 1; i <= NF; i++) plain[$i] = 1; next }
		/^#/ || !NF { next }
		FILENAME !~ /abi\// { plain[$1] = 1; next }
		!($1 in plain) && ($3 == "" || bits == 32) { print $1 ": since " $2 }' \
		"$CENSUS/abi/plain.list" "$REVIEWED" "$1" "$CENSUS/abi/$libc.list"
}

@test "every function of every libc, old and new, is wrapped or known to need nothing" {
	[[ $(grep -vc '^#' "$CENSUS/abi/glibc.list") -gt 3000 ]]
	[[ $(grep -vc '^#' "$CENSUS/abi/musl.list") -gt 1800 ]]
	grep -qx 'openat2 2.43' "$CENSUS/abi/glibc.list"
	run -0 unaccounted "$COVERED"
	assert_output ""
	# And it would be told.
	grep -vxE 'openat2|open64' "$COVERED" >"$COVERED.less"
	run -0 unaccounted "$COVERED.less"
	assert_line --partial 'open64: since'
	grep -qx gnu_get_libc_version "$SYMBOLS" || return 0
	assert_line 'openat2: since 2.43'
}

@test "what is known to need nothing is not wrapped, and is a function of some libc" {
	awk '!/^#/ { for (i = 1; i <= NF; i++) print $i }' "$CENSUS/abi/plain.list" |
		LC_ALL=C sort >"$BATS_TEST_TMPDIR/plain"
	run -0 uniq -d "$BATS_TEST_TMPDIR/plain"
	assert_output ""
	run -0 comm -12 "$BATS_TEST_TMPDIR/plain" "$COVERED"
	assert_output ""
	run -0 comm -23 "$BATS_TEST_TMPDIR/plain" \
		<(awk '!/^#/ && NF { print $1 }' "$CENSUS"/abi/*libc.list "$CENSUS"/abi/musl.list | LC_ALL=C sort -u)
	assert_output ""
}

@test "the shim exports functions of libcs, and nothing else" {
	run -0 comm -23 "$COVERED" <({
		grep -v @ "$SYMBOLS"
		awk '!/^#/ && NF { print $1 }' "$CENSUS"/abi/glibc.list "$CENSUS"/abi/musl.list \
			"$CENSUS/surface.list"
	} | LC_ALL=C sort -u)
	assert_output ""
}
