# SPDX-License-Identifier: LGPL-2.1-or-later
# The differential tests once more, confined. What gets past the shim the kernel refuses:
# an EACCES that the bare run lacks is a difference, and its call is printed. What the
# kernel does not ask for (attributes, what is looked at and opened as a directory) is seen
# by inotify on the real directories, and by comparing what is there, with its times,
# before and after. A million steps and more are in diff/results.

load ../common
load ../diff/alike

setup() {
	local output

	export DIFF_BUILD=$PRIVTMP_BUILD/diff
	output=$("$PRIVTMP" run --confine true 2>&1) || skip "no Landlock here: $output"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has paths of its own"
	command -v inotifywait >/dev/null || skip "needs inotifywait (inotify-tools)"
}

script() {
	alike --confine --script "$PRIVTMP_SOURCE/tests/diff/scripts/$1.steps"
}

@test "the watch sees what gets past both, because the kernel does not ask: a mode" {
	differ --shim "$SHIM" --confine --broken past -e fixture -e 'chmod /tmp/f 0600'
	assert_output --partial "ATTRIB /tmp/f"
}

@test "what gets past the shim is refused, and the call is printed" {
	differ --shim "$SHIM" --confine --broken past -e 'open /tmp/f O_RDWR'
	assert_output --partial "open /tmp/f O_RDWR : => -1 EACCES"
}

@test "every call over a part of the path shapes, confined" {
	alike --confine --sample 12
	alike --confine --plain --sample 12
}

@test "every call over a part of the path shapes, confined, as a plain user" {
	need_users
	alike --confine --user "$TEST_UID" --sample 14
	alike --confine --user "$TEST_UID" --flat --sample 14
}

@test "the scripts, confined" {
	script cwd
	script links
	script temp
	script exec
	script sockets
	script walk
	script faults
}

@test "random steps for a minute, confined: threads, clones and vfork among them" {
	need_users
	alike --confine --seed "${DIFF_SEED:-1}" --steps 40000 --user "$TEST_UID" --flat
	alike --confine --seed "${DIFF_SEED:-1}" --steps 20000
}
