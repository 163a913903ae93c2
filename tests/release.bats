# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/release-check: that it stops a release which is not ready. What its steps run are
# tests of their own.

load common

setup() {
	TREE=$BATS_TEST_TMPDIR/tree
	mkdir -p "$TREE"/{tools,tests,debian,packaging}
	cp "$PRIVTMP_SOURCE/tools/release-check" "$TREE/tools"
	cp "$PRIVTMP_SOURCE/configure.ac" "$TREE"
	cp "$PRIVTMP_SOURCE/debian/changelog" "$TREE/debian"
	cp "$PRIVTMP_SOURCE/packaging/privtmp.spec.in" "$TREE/packaging"
	VERSION=$(sed -n 's/^AC_INIT(.*, \[\(.*\)\])$/\1/p' "$TREE/configure.ac")
	news "$VERSION"
	export PRIVTMP_BUILD=$BATS_TEST_TMPDIR/build
}

# news HEADING: the newest of NEWS.
news() {
	printf 'News\n\n%s\n-----\nIt is faster.\n\n0.0.1\n-----\nFirst version.\n' "$1" >"$TREE/NEWS"
}

commit() {
	command -v git >/dev/null || skip 'needs git'
	git -C "$TREE" init --quiet
	git -C "$TREE" add --all
	git -C "$TREE" -c user.name=test -c user.email=test@privtmp.example commit --quiet -m test
}

@test "the same version everywhere, and all committed, passes" {
	commit
	run -0 "$TREE/tools/release-check" version
	assert_equal "${lines[-1]}" '1 passed, 0 failed'
}

@test "a file with another version is named" {
	local file

	for file in debian/changelog packaging/privtmp.spec.in NEWS; do
		cp "$TREE/$file" "$BATS_TEST_TMPDIR/kept"
		sed -i "s/${VERSION//./\\.}/0.0.9/" "$TREE/$file"
		commit
		run -1 "$TREE/tools/release-check" version
		assert_line --regexp "^$file has the version '0.0.9', configure.ac has '$VERSION'$"
		assert_equal "${lines[-1]}" '0 passed, 1 failed'
		cp "$BATS_TEST_TMPDIR/kept" "$TREE/$file"
	done
}

@test "NEWS that are not of a release, and what is not committed, are told" {
	news 'Not released yet'
	commit
	echo more >>"$TREE/NEWS"
	run -1 "$TREE/tools/release-check" version
	assert_line --partial "NEWS has the version 'Not released yet'"
	assert_line ' M NEWS'
}

@test "a test that was left out is no pass" {
	printf '#!/bin/sh\necho "ok 1 it works # skip needs a moon"\n' >"$TREE/tests/run-bats"
	chmod +x "$TREE/tests/run-bats"
	run -1 "$TREE/tools/release-check" figures
	assert_line 'ok 1 it works # skip needs a moon'
	assert_equal "${lines[-1]}" '0 passed, 0 failed, 1 skipped'
}

@test "a step that fails shows why, and the others go on" {
	printf '#!/bin/sh\necho "not ok 1 it does not"; exit 1\n' >"$TREE/tests/run-bats"
	chmod +x "$TREE/tests/run-bats"
	commit
	run -1 "$TREE/tools/release-check" figures version
	assert_line 'not ok 1 it does not'
	assert_equal "${lines[-1]}" '1 passed, 1 failed'
}

@test "each step that is listed can be run, and no other" {
	run -0 "$TREE/tools/release-check" --list
	while read -r step _; do
		grep -q "^run_$step()" "$TREE/tools/release-check" || fail "$step"
	done <<<"$output"
	run -2 "$TREE/tools/release-check" lunch
	assert_output --partial 'no such step: lunch'
}
