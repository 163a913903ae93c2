# SPDX-License-Identifier: LGPL-2.1-or-later
# Differential tests: each call, over some hundred path shapes, in scripts and in
# random sequences, gives the same results, errno and bytes under the shim as in
# a real, empty /tmp. The full table, the other scripts and long sequences are
# in long/diff.bats.

load common
load diff/alike

setup() {
	export DIFF_BUILD=$PRIVTMP_BUILD/diff
}

script() {
	alike --script "$PRIVTMP_SOURCE/tests/diff/scripts/$1.steps"
}

@test "every call, over a part of the path shapes" {
	alike --sample 40
}

@test "every call, where no link makes the shim walk every path" {
	alike --plain --sample 40
}

@test "every call, over a part of the path shapes, as a plain user" {
	need_users
	alike --user "$TEST_UID" --sample 43
}

@test "random sequences of calls, as a plain user on one file system" {
	need_users
	alike --seed "${DIFF_SEED:-3}" --steps 2500 --user "$TEST_UID" --flat
}

@test "working directories: in, out, moved, removed, deep" {
	script cwd
}

@test "links, what they say and where they lead; hard links and renames across the border" {
	script links
}

@test "names that libc makes up" {
	script temp
}

@test "a working directory that left its mount, and a name for a directory behind a link" {
	need_users
	alike --user "$TEST_UID" --flat -e fixture -e "chdir /tmp" -e "chdir /m/d" -e "rename /e/d /tmp/new" -e getcwd \
		-e "getcwd_alloc 0" -e "chdir /" -e "chmod /tmp 0611" -e "tempnam /e/lint pfx"
}

@test "a guarded directory's name with a slash behind it, as a plain user" {
	need_users
	alike --user "$TEST_UID" -e "unlink /tmp" -e "unlink /tmp/" \
		-e "unlink //var/tmp//" -e "rmdir /tmp/" -e "remove /tmp/" -e "unlink /tmp/."
}

@test "programs and scripts started from /tmp, by every call that starts one" {
	script exec
}
