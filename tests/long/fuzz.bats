#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Fuzzing, a minute each; the corpus that is found stays in the build tree.

load ../common

setup() {
	command -v clang >/dev/null || skip 'needs clang'
}

# fuzz NAME SOURCE...: builds the target and runs it for a minute.
fuzz() {
	local name=$1 dir=$PRIVTMP_BUILD/fuzz
	shift
	mkdir -p "$dir/$name.corpus"
	(cd "$PRIVTMP_SOURCE" && clang -g -O2 -std=gnu11 -D_GNU_SOURCE= -Ishim -Itests/fuzz \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o "$dir/$name" "$@")
	"$dir/$name" -max_total_time="${PRIVTMP_FUZZ_SECONDS:-60}" -max_len=300 \
		-artifact_prefix="$dir/" "$dir/$name.corpus"
}

@test "a walked path ends where the kernel's would end in the view" {
	fuzz walk tests/fuzz/walk.c tests/fuzz/model.c shim/policy/view.c shim/policy/policy.c \
		shim/route/walk.c shim/route/start.c
}

@test "a line of a configuration is taken apart within its bounds" {
	mkdir -p "$PRIVTMP_BUILD/fuzz/config.corpus"
	printf 'guard = /srv/x\n[/usr/*/[a-z]]\nshare=/tmp/a**\nkeep = always\n# x\n' \
		>"$PRIVTMP_BUILD/fuzz/config.corpus/start"
	fuzz config tests/fuzz/config.c shim/policy/config_text.c shim/policy/policy.c shim/policy/compose.c
}
