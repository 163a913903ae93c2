# SPDX-License-Identifier: LGPL-2.1-or-later
# Differential tests in full: every call over every path shape, 100,000 random
# steps, and the scripts that are not in ../diff.bats.

load ../common
load ../diff/alike

setup() {
	export DIFF_BUILD=$PRIVTMP_BUILD/diff
	# Always the same, so that a failure is of the change's making; DIFF_SEED has
	# others looked for by hand.
	SEED=${DIFF_SEED:-1}
}

script() {
	alike --script "$PRIVTMP_SOURCE/tests/diff/scripts/$1.steps"
}

@test "every call over every path shape" {
	alike
}

@test "every call over every path shape, where no link makes the shim walk" {
	alike --plain
}

@test "every call over every path shape, as a plain user" {
	need_users
	alike --user "$TEST_UID"
	alike --user "$TEST_UID" --plain
}

@test "every call over every path shape, with /tmp on the file system of the rest" {
	need_users
	alike --user "$TEST_UID" --flat
}

@test "50,000 random steps" {
	alike --seed "$SEED" --steps 50000
}

@test "50,000 random steps, as a plain user" {
	need_users
	alike --seed "$SEED" --steps 25000 --user "$TEST_UID"
	alike --seed "$SEED" --steps 25000 --user "$TEST_UID" --flat
}

@test "links, as a plain user on one file system: across the border without EXDEV" {
	need_users
	alike --user "$TEST_UID" --flat --script "$PRIVTMP_SOURCE/tests/diff/scripts/links.steps"
}

@test "places that can be reached, but not by their names, as a plain user" {
	need_users
	alike --user "$TEST_UID" --script "$PRIVTMP_SOURCE/tests/diff/scripts/unreachable.steps"
	alike --user "$TEST_UID" --flat --script "$PRIVTMP_SOURCE/tests/diff/scripts/unreachable.steps"
}

@test "AF_UNIX names: lengths, truncation, near 108 bytes, abstract" {
	script sockets
}

@test "patterns and walks" {
	script walk
}

@test "pointers that cannot be read give EFAULT" {
	script faults
}

@test "streams, attributes, terminals, loaded objects, watchers, IPC names, mounts" {
	script misc
}
