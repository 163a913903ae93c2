#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The differential tests once more, behind the mount door: in an empty /tmp, and by mounts of
# a session's directories, every call does the same. What is meant to differ is a list in
# diff/door.awk.

load ../common
load ../diff/alike

setup() {
	local output

	export DIFF_BUILD=$PRIVTMP_BUILD/diff
	output=$("$PRIVTMP" run --backend mount true 2>&1) || skip "no mount door here: $output"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has paths of its own"
}

@test "what a name that leads across fails with is noticed, and meant" {
	local kept=$BATS_TEST_TMPDIR/kept step

	for step in 'rename /tmp/f /e/new' 'link /tmp/f /e/new' 'rename /var/tmp/f /tmp/new'; do
		alike --door --flat --keep "$kept" -e fixture -e "$step"
		grep -q "^$step : => 0" "$kept/reference"
		grep -q "^$step : => -1 EXDEV" "$kept/shim"
	done
	alike --door --flat --keep "$kept" -e fixture -e 'rename /tmp/f /tmp/new'
	grep -q "^rename /tmp/f /tmp/new : => 0" "$kept/shim"
}

@test "what is not meant is a difference" {
	local error

	for error in EROFS EXDEV EINVAL; do
		run -0 awk -f "$PRIVTMP_SOURCE/tests/diff/door.awk" <<-END
			1c1
			< open /tmp/f O_RDWR : => 0
			---
			> open /tmp/f O_RDWR : => -1 $error
		END
		assert_line --partial "$error"
	done
}

@test "every call over a part of the path shapes, by mounts" {
	alike --door --sample 10
	alike --door --plain --sample 11
}

@test "every call over a part of the path shapes, by mounts of a plain user" {
	need_users
	alike --door --user "$TEST_UID" --sample 10
}

@test "the scripts, by mounts" {
	local script

	for script in cwd links temp exec sockets walk faults; do
		alike --door --script "$PRIVTMP_SOURCE/tests/diff/scripts/$script.steps"
	done
}

@test "random steps, by mounts: threads, clones and vfork among them" {
	need_users
	alike --door --seed "${DIFF_SEED:-1}" --steps 40000
	alike --door --seed "${DIFF_SEED:-1}" --steps 40000 --user "$TEST_UID"
}
