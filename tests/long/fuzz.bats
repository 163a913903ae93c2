#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Fuzzing, a minute each, two at a time, by tests/fuzz/run: tests/fuzz/NAME.c from what is kept
# in tests/fuzz/corpus/NAME, and hostile trees (tests/fuzz/trees). What is found stays in the build
# tree: NAME.corpus, and crash-*. PRIVTMP_FUZZ_SECONDS is another time than a minute; a seed of
# the trees that failed is tried again by "tests/fuzz/trees 0 SEED".

load ../common

# fuzz NAME: what came of it is kept for the test.
fuzz() {
	local status=0

	"$PRIVTMP_SOURCE/tests/fuzz/run" "$1" "$seconds" >"$BATS_FILE_TMPDIR/$1.out" 2>&1 || status=$?
	echo "$status" >"$BATS_FILE_TMPDIR/$1"
}

trees() {
	local status=0
	timeout -k 5 "$((seconds + 200))" "$PRIVTMP_SOURCE/tests/fuzz/trees" "$seconds" "$1" \
		>"$BATS_FILE_TMPDIR/trees.out" 2>&1 || status=$?
	echo "$status" >"$BATS_FILE_TMPDIR/trees"
}

setup_file() {
	local seconds=${PRIVTMP_FUZZ_SECONDS:-60}

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || return 0
	# The same each time: others are tried by hand.
	trees "${PRIVTMP_FUZZ_SEED:-1000}" 3>&- &
	if command -v clang >/dev/null; then
		fuzz lease 3>&-
		wait
		fuzz join 3>&- &
		fuzz load 3>&-
		wait
		fuzz walk 3>&- &
		fuzz config 3>&-
		wait
		fuzz elf 3>&-
	fi
	wait
}

setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip 'has sanitizers of its own'
}

# fuzzed NAME: nothing was found.
fuzzed() {
	local status

	command -v clang >/dev/null || skip 'needs clang'
	status=$(<"$BATS_FILE_TMPDIR/$1")
	[[ $status == 0 ]] || tail -n 60 "$BATS_FILE_TMPDIR/$1.out" | fail
	tail -n 1 "$BATS_FILE_TMPDIR/$1.out" | grep -E '^Done [0-9]+ runs'
}

@test "a walked path ends where the kernel's would end in the view" { fuzzed walk; }
@test "a line of a configuration is taken apart within its bounds" { fuzzed config; }
@test "what a configuration says as a whole can be made a session of" { fuzzed load; }
@test "what is taken for a lease is one, and says the same when it is written again" { fuzzed lease; }
@test "a session is joined only where all is right, whatever PRIVTMP_SESSION leads to" { fuzzed join; }

@test "what is taken for a program or a script is read within its bounds" {
	[[ -e /usr/include/gelf.h ]] || skip 'needs libelf-dev'
	fuzzed elf
}

@test "hostile trees are removed in time, and nothing else is touched" {
	[[ $(<"$BATS_FILE_TMPDIR/trees") != 77 ]] || skip "$(<"$BATS_FILE_TMPDIR/trees.out")"
	[[ $(<"$BATS_FILE_TMPDIR/trees") == 0 ]] || fail <"$BATS_FILE_TMPDIR/trees.out"
	tail -n 1 "$BATS_FILE_TMPDIR/trees.out" | grep -E '^[0-9]+ trees'
}

@test "each target has a corpus in the tree" {
	local file name

	for file in "$PRIVTMP_SOURCE"/tests/fuzz/*.c; do
		grep -q '^int LLVMFuzzerTestOneInput(.*)$' "$file" || continue
		name=${file##*/}
		[[ -n $(ls "$PRIVTMP_SOURCE/tests/fuzz/corpus/${name%.c}") ]] || fail "$name"
	done
}
