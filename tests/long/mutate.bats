# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/mutate: that it finds the mutants of a file, tells which of them a test notices, and
# leaves the sources as they are. The project here is one of four lines.
#
# shellcheck disable=SC2016 # expanded elsewhere

load ../common

setup() {
	local what

	for what in clang python3 git; do
		command -v "$what" >/dev/null || skip "needs $what"
	done
	TREE=$BATS_TEST_TMPDIR/tree
	mkdir -p "$TREE"/{tests,tools,shim/core}
	cp "$PRIVTMP_SOURCE/tests/mutate" "$TREE/tests"
	: >"$TREE/shim/core/unfortified.h"
	printf 'shim/core/owner.c judge:says\n' >"$TREE/tests/mutants.list"
	printf '%s\n' '#define NOT(x) !(x)' \
		'int f(int a, int b)' '{' '	return a < 3 && NOT(b == 7);' '}' \
		'int main(int n, char **v)' '{' '	return f(n, **v);' '}' >"$TREE/shim/core/owner.c"
	printf '#!/bin/sh\nmkdir -p "$PRIVTMP_BUILD/tools" && printf "%%s\\n" \\
		"all progs:; cc -O2 -w -o tools/privtmp ../shim/core/owner.c" \\
		>"$PRIVTMP_BUILD/Makefile" && make -s -C "$PRIVTMP_BUILD" all\n' >"$TREE/tools/build"
	# A test that notices what "1" is answered with, and nothing of 3 and 7.
	printf '#!/bin/sh\n[ "$*" = "-f says tests/judge.bats" ] && ! "$PRIVTMP_BUILD/tools/privtmp"\n' \
		>"$TREE/tests/run-bats"
	chmod +x "$TREE/tools/build" "$TREE/tests/run-bats"
	git -C "$TREE" init --quiet
}

mutate() {
	env -u MAKEFLAGS "$TREE/tests/mutate" "$@"
}

@test "each operator, constant and condition is changed, in macros' arguments, too" {
	run -0 mutate --list
	assert_line --partial 'owner.c:4 f: < -> <='
	assert_line --partial 'owner.c:4 f: && -> ||'
	assert_line --partial 'owner.c:4 f: 3 -> (3 + 1)'
	assert_line --partial 'owner.c:4 f: == -> !='
	assert_line --partial 'owner.c:4 f: 7 -> (7 + 1)'
	assert_line --partial 'owner.c:4 f: a < 3 && NOT(b == 7) -> a < 3'
	assert_line --partial 'owner.c:4 f: a < 3 && NOT(b == 7) -> NOT(b == 7)'
	assert_equal "${#lines[@]}" 7
	run -0 mutate --list --diff --only 1
	assert_line --partial '+++ shim/core/owner.c (mutant)'
}

@test "what a test notices is killed, what none does survives and is shown" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	cp "$TREE/shim/core/owner.c" "$BATS_TEST_TMPDIR/kept"
	run -1 mutate
	assert_line --regexp 'f: && -> \|\|: survived$'
	assert_line --regexp 'f: == -> !=: killed by judge:says$'
	assert_line --partial '+	return a < 3 || NOT(b == 7);'
	assert_line --regexp '^[1-6] mutants killed of [2-7] \([0-9.]+ %\); '
	cmp "$TREE/shim/core/owner.c" "$BATS_TEST_TMPDIR/kept"
	cmp "$TREE/build-mutate/tree/shim/core/owner.c" "$BATS_TEST_TMPDIR/kept"
}

@test "one of the same code is told from one that survives" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	sed -i 's/a < 3 && NOT(b == 7)/b == 7 + 0 * a/' "$TREE/shim/core/owner.c"
	printf '#!/bin/sh\n' >"$TREE/tests/run-bats"
	run -1 mutate
	assert_line --regexp 'f: \+ -> -: equal$'
	assert_line --regexp 'f: == -> !=: survived$'
}

@test "what nothing can see is named with a reason, does not count, and has to be there" {
	local key='shim/core/owner.c f: < -> <= | return a < 3 && NOT(b == 7);'

	[[ $EUID -eq 0 ]] || skip 'needs root'
	printf '# A comment.\n%s\n\tnobody looks\n' "$key" >"$TREE/tests/mutants.equal"
	run -1 mutate --jobs 2
	refute_line --partial 'f: < -> <='
	assert_line --regexp '^[1-6] mutants killed of [1-6] .* 1 in mutants.equal$'
	run -0 mutate --list
	assert_equal "${#lines[@]}" 6
	# By number it is tried.
	run -1 mutate --only 3
	assert_line --partial 'f: < -> <=: survived'
	assert_line "$key"
	printf '%s\n' "$key" >"$TREE/tests/mutants.equal"
	run -2 mutate --list
	assert_output --partial "no reason: $key"
	printf '%s 2\n\tnobody looks\n' "$key" >"$TREE/tests/mutants.equal"
	run -2 mutate --list
	assert_output --partial 'there is no such mutant'
}

@test "a mutant that no compiler takes is not killed" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	sed -i 's/a < 3 && NOT(b == 7)/a + "x"[b]/' "$TREE/shim/core/owner.c"
	sed -i 's/return f/static_assert(1 - 1 == 0, ""); &/; 1i #include <assert.h>' "$TREE/shim/core/owner.c"
	run -1 mutate
	assert_line --regexp 'unbuilt$'
}

@test "a draw by the same seed is the same, by another another" {
	local first

	first=$(mutate --list --count 3 --seed 5)
	assert_equal "$(wc -l <<<"$first")" 3
	assert_equal "$(mutate --list --count 3 --seed 5)" "$first"
	for seed in {6..12}; do
		[[ $(mutate --list --count 3 --seed "$seed") == "$first" ]] || return 0
	done
	fail "always the same"
}

@test "a test that fails without a mutant proves nothing" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	printf '#!/bin/sh\nexit 1\n' >"$TREE/tests/run-bats"
	run -77 mutate
	assert_output --partial 'judge:says fails without a mutant'
}

@test "the table names files and tests that there are" {
	local file tests test rest

	cd "$PRIVTMP_SOURCE"
	while read -r file tests; do
		[[ -n $file && $file != '#'* ]] || continue
		[[ -e $file && -n $tests ]] || fail "$file"
		for test in $tests; do
			rest=${test#*:}
			case $test in
			direct:*) [[ -e tests/progs/direct_$rest.c ]] || fail "$test" ;;
			walks:*) [[ $rest =~ ^[0-9]+$ ]] || fail "$test" ;;
			fuzz:*) [[ -e tests/fuzz/${rest%:*}.c || $rest == trees:* ]] || fail "$test" ;;
			rules:*)
				for rest in ${rest//,/ }; do
					grep -q "^$rest " tests/attacks/rules.list || fail "$rest"
				done
				;;
			*:*) grep -qE "^@test \".*($rest)" "tests/${test%%:*}.bats" || fail "$test" ;;
			*) [[ -e tests/$test.bats ]] || fail "$test" ;;
			esac
		done
	done <tests/mutants.list
}
