#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Fuzzing, a minute each, two at a time: tests/fuzz/NAME.c from what is kept in
# tests/fuzz/corpus/NAME, and hostile trees (tests/fuzz/trees). What is found stays in the build
# tree: NAME.corpus, and crash-*. PRIVTMP_FUZZ_SECONDS is another time than a minute; a seed of
# the trees that failed is tried again by "tests/fuzz/trees 0 SEED".

load ../common

policy=(shim/policy/{policy,settings,places,compose,config_text}.c)
binary=(tools/binary/{built_in,code,deep,elf_file,functions,judge,ld_cache,libraries,object}.c
	tools/binary/object_{code,symbols,texts}.c tools/binary/{path_calls,script,script_lines}.c
	tools/binary/{subject,x86,x86_registers}.c tools/{reach,program}.c tools/audit/rules.c
	shim/core/image.c shim/policy/{policy,settings}.c)
lease=(shim/session/lease.c shim/session/root_name.c shim/policy/{policy,settings}.c)

# fuzz NAME LENGTH SOURCE...: builds the target and runs it.
fuzz() {
	local name=$1 dir=$PRIVTMP_BUILD/fuzz length=$2 status=0 libraries=()
	shift 2
	[[ $name != elf ]] || libraries=(-lelf)
	mkdir -p "$dir/$name.corpus"
	{
		(cd "$PRIVTMP_SOURCE" && clang -g -O2 -std=gnu11 -D_GNU_SOURCE= -Ishim -Itools -Itests/fuzz \
			-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
			-o "$dir/$name" "tests/fuzz/$name.c" tests/fuzz/no_kernel.c "$@" \
			"${libraries[@]}") &&
			"$dir/$name" -max_total_time="$seconds" -max_len="$length" -timeout=10 \
				-artifact_prefix="$dir/" "$dir/$name.corpus" \
				"$PRIVTMP_SOURCE/tests/fuzz/corpus/$name"
	} >"$BATS_FILE_TMPDIR/$name.out" 2>&1 || status=$?
	echo "$status" >"$BATS_FILE_TMPDIR/$name"
}

# Small programs to begin with, as compilers make them here, in CORPUS.
elf_seeds() {
	local corpus=$1 flat=(-s "-Wl,-z,noseparate-code")

	mkdir -p "$corpus"
	cd "$corpus" || return
	echo '#include <stdio.h>
		int main(void) { return !fopen("/tmp/x", "w"); }' >seed.c
	cc "${flat[@]}" -o seed-program seed.c
	cc "${flat[@]}" -shared -fPIC -Wl,--hash-style=sysv,-rpath,"\$ORIGIN/x" -o seed-library seed.c
	cc -m32 "${flat[@]}" -o seed-32 seed.c 2>/dev/null || :
	musl-gcc "${flat[@]}" -o seed-musl seed.c 2>/dev/null || :
	rm seed.c
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
		fuzz lease 1500 "${lease[@]}" 3>&-
		wait
		fuzz join 1500 shim/session/{join,trust,lease_lock}.c "${lease[@]}" 3>&- &
		fuzz load 4000 shim/policy/{config,config_load}.c "${policy[@]}" 3>&-
		wait
		fuzz walk 300 tests/fuzz/model.c shim/policy/{view,scan,policy,settings}.c \
			shim/route/walk.c shim/route/walk_start.c 3>&- &
		fuzz config 300 "${policy[@]}" 3>&-
		wait
		elf_seeds "$PRIVTMP_BUILD/fuzz/elf.corpus"
		fuzz elf 30000 "${binary[@]}" 3>&-
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
		grep -q LLVMFuzzerTestOneInput "$file" || continue
		name=${file##*/}
		[[ -n $(ls "$PRIVTMP_SOURCE/tests/fuzz/corpus/${name%.c}") ]] || fail "$name"
	done
}
