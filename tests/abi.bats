# SPDX-License-Identifier: LGPL-2.1-or-later
# What the shim promises holds for every libc and word size that it is built for:
# "tools/check --all" runs this file with a 32-bit build and with one for musl, too.

load common

setup() {
	ABI=$PROGS/abi
	DIR=/tmp/privtmp-abi-$$-$RANDOM
}

teardown() {
	rm -rf "$DIR"
}

# same WHAT [PROGRAM]: the program says the same without the shim, in the shared directory,
# and with it, where nothing of it shows and nothing is left.
same() {
	local abi=${2:-$ABI}

	run -0 --separate-stderr "$abi" "$1" "$DIR"
	[[ ${#lines[@]} -gt 3 ]]
	[[ -e $DIR ]]
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/bare"
	rm -rf "$DIR"

	run -0 --separate-stderr shimmed "$abi" "$1" "$DIR"
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/shimmed"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2 ||
		fail "abi $1 differs under the shim"
	[[ ! -e $DIR ]]
	assert_no_session
}

@test "files, directories, links, times and sizes are what they are without the shim" {
	same files
}

@test "getcwd, realpath and readlink hand out the same paths" {
	same paths
}

@test "makers of temporary names make the same kinds of names and files" {
	same names
}

@test "readdir, scandir, nftw, fts and glob find the same" {
	same walks
}

@test "programs for large files, and for a time of 64 bits, do the same" {
	local above bits

	above=$(scratch)
	for bits in -D_FILE_OFFSET_BITS=64 '-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64'; do
		# shellcheck disable=SC2086 # words
		${CC:-cc} -D_GNU_SOURCE -std=gnu11 $bits -o "$above/abi" \
			"$PRIVTMP_SOURCE/tests/progs/abi.c" -lpthread -ldl
		for what in files paths names walks sockets; do
			same "$what" "$above/abi"
		done
	done
}

@test "sockets and watches have the same names" {
	same sockets
}

@test "system calls by number do the same" {
	same numbers
}

@test "programs that are started see what their parent made, and the other way round" {
	LD_PRELOAD="$SHIM" /bin/sh -c : || skip "the shell here is one of another libc"
	same programs
	grep -qx 'by-popen: 0' "$BATS_TEST_TMPDIR/shimmed"
}

@test "a stack that is aligned to words only, as old programs have it, is enough" {
	same stack
}

@test "a program linked long ago gets the functions as they were then" {
	"$ABI" old "$DIR" | grep -q 'has one version' && skip "this libc has one version of each function"
	rm -rf "$DIR"
	"$ABI" old "$DIR" | grep -qx 'posix_spawn: 32512' &&
		skip "an emulated vfork does not tell the parent why exec failed"
	rm -rf "$DIR"
	same old
}

# What is given up for it: one that libc has not is there, too (HACKING, "All libcs").
@test "a program that asks whether a function exists is told yes of all that libc has" {
	local names

	mapfile -t names < <(
		awk '!/^#/ && NF { print $1 }' "$PRIVTMP_SOURCE/tests/census/surface.list"
		awk -F'|' '!/^[ \t]*(#|$)/ { gsub(/ /, "", $2); print $2 }' \
			"$PRIVTMP_SOURCE/shim/wrap/calls.def"
	)
	[[ ${#names[@]} -gt 200 ]]
	"$ABI" probes "${names[@]}" >"$BATS_TEST_TMPDIR/bare"
	grep -q ': not there' "$BATS_TEST_TMPDIR/bare"
	shimmed "$ABI" probes "${names[@]}" >"$BATS_TEST_TMPDIR/shimmed"
	run grep -Fxv -f "$BATS_TEST_TMPDIR/shimmed" <(grep ': there' "$BATS_TEST_TMPDIR/bare")
	assert_output ""
}

@test "audited, a program does the same, and what it makes by number is seen" {
	run -0 --separate-stderr "$ABI" numbers "$DIR"
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/bare"
	rm -rf "$DIR"
	run -0 --separate-stderr "$PRIVTMP" audit --format json \
		--output "$BATS_TEST_TMPDIR/report.json" -- "$ABI" numbers "$DIR"
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/audited"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/audited" >&2
	grep -q "\"path\": \"$DIR/n\", \"what\": \"made\"" "$BATS_TEST_TMPDIR/report.json"
	grep -q "\"path\": \"$DIR/n\", \"what\": \"removed\"" "$BATS_TEST_TMPDIR/report.json"
	grep -q "\"rule\": \"predictable-name\".*\"path\": \"$DIR\"" "$BATS_TEST_TMPDIR/report.json"
}

@test "launched by privtmp run, a program sees what it sees under the shim alone" {
	run -0 --separate-stderr shimmed "$ABI" files "$DIR"
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/shimmed"
	run -0 --separate-stderr "$PRIVTMP" run -- "$ABI" files "$DIR"
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/run"
	diff "$BATS_TEST_TMPDIR/shimmed" "$BATS_TEST_TMPDIR/run" >&2
	[[ ! -e $DIR ]]
	assert_no_session 0
}
