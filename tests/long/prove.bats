# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/prove, a few seconds of each kind; and that it tells of what fails.

load ../common

setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip 'counts what a sanitizer adds'
}

prove() {
	timeout -k 5 400 "$PRIVTMP_SOURCE/tests/prove" "$@" 3>&-
}

# stand_in PATH SCRIPT: a tree in which tests/PATH is this.
stand_in() {
	TREE=$BATS_TEST_TMPDIR/tree
	mkdir -p "$TREE/tests/${1%/*}"
	cp "$PRIVTMP_SOURCE"/tests/{prove,refused.bash} "$TREE/tests"
	printf '#!/bin/sh\n%s\n' "$2" >"$TREE/tests/$1"
	chmod +x "$TREE/tests/$1"
}

@test "a daemon with thousands of children grows in nothing" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	run -0 prove --seed 5 endurance 5
	assert_line --regexp '^endurance: [0-9]+ s, seed 5, .*: [0-9]{3,} children, 0 of them failed; '
	assert_line --partial 'helpers: 1 at first, 1 at last'
}

@test "deaths at random moments leave nothing" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	run -0 prove kill 1
	assert_line --regexp ': 200 killed, [0-9]+ sessions whose helper lived, 0 of them left$'
}

@test "a round that fails is named with its seed, and the rest goes on" {
	stand_in diff/run 'sleep 1; case $* in *"--seed 8 "*) exit 1 ;; esac'
	run -1 timeout 60 env PRIVTMP_BUILD="$BATS_TEST_TMPDIR/build" "$TREE/tests/prove" --seed 7 random 3
	assert_line --regexp "^failed: seed 8: .*/diff/run .*--seed 8 .*\(status 1, "
	assert_line --regexp ', seed 7, .* 1 of [345] rounds with a difference$'
}

@test "a sample of each of the doors' attacks that is not as expected is told" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	# shellcheck disable=SC2016 # expanded there
	stand_in attacks/matrix 'echo "ok 1 - a"; [ "$2" != --door ] || { echo "not ok 2 - b"; exit 1; }'
	# Without mkfs, for whom it is tmpfs and overlay.
	run -1 timeout 60 env PATH=/usr/bin:/bin PRIVTMP_BUILD="$BATS_TEST_TMPDIR/build" \
		"$TREE/tests/prove" matrix 0
	assert_line --partial 'failed: tmpfs --door: '
	assert_line --partial 'failed: tmpfs --door, refused: 38 statx '
	assert_line --regexp ': (16 cells on tmpfs,.* 4 of 12|32 cells on tmpfs overlay,.* 8 of 24) rounds not as expected$'
}

@test "attacks come to no more on another file system" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 unshare --mount --propagation private sh -ec '
		mount -t tmpfs on "$1" && mkdir "$1/lower" "$1/upper" "$1/work" "$1/both"
		mount -t overlay -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" on "$1/both"
		shift && exec "$@"' sh "$BATS_TEST_TMPDIR" \
		"$PRIVTMP_SOURCE/tests/attacks/matrix" --tap --on "$BATS_TEST_TMPDIR/both" symlink hardlink
	assert_line --index -1 '1..14'
}

@test "one fuzzer alone has a line of its own, and its findings are counted" {
	[[ $EUID -eq 0 ]] || skip 'needs root'
	# shellcheck disable=SC2016 # expanded there
	stand_in fuzz/run '[ "$1" = load ] || echo "Done 7 runs in $2 seconds"; [ "$1 $2 $3" = "walk 2 9" ]'
	printf 'fuzz: all\nfuzz-walk: old\n' >"$TREE/tests/prove.results"
	run -0 env PRIVTMP_BUILD="$BATS_TEST_TMPDIR/build" "$TREE/tests/prove" --keep --seed 9 fuzz-walk 2
	run -1 env PRIVTMP_BUILD="$BATS_TEST_TMPDIR/build" "$TREE/tests/prove" --keep --seed 9 fuzz-join 2
	run -1 env PRIVTMP_BUILD="$BATS_TEST_TMPDIR/build" "$TREE/tests/prove" --keep --seed 9 fuzz-load 2
	run -0 cat "$TREE/tests/prove.results"
	assert_line --regexp '^fuzz-load: .*: load +, 1 findings$'
	assert_line 'fuzz: all'
	assert_line --regexp '^fuzz-join: .* join 7 runs, 1 findings$'
	assert_line --regexp '^fuzz-walk: .*, seed 9, .* walk 7 runs, 0 findings$'
}

@test "the last line of each kind is kept in the place of the one before" {
	stand_in diff/run 'sleep 1'
	printf '# about\nrandom: old\nkill: other\n' >"$TREE/tests/prove.results"
	run -0 timeout 60 env PRIVTMP_BUILD="$BATS_TEST_TMPDIR/build" "$TREE/tests/prove" --keep random 1
	run -0 cat "$TREE/tests/prove.results"
	assert_equal "${#lines[@]}" 3
	assert_line --index 0 '# about'
	assert_line --index 1 'kill: other'
	assert_line --index 2 --regexp '^random: .* 0 of 1 rounds with a difference$'
}

@test "what is no kind, no time or no option is a usage error" {
	run -2 prove lunch 5
	run -2 prove random
	run -2 prove fuzz-lunch 5
	run -2 prove --seed x random 5
	run -2 prove --no-such-option
	run -0 prove --help
	assert_output --partial 'Usage: tests/prove'
}
