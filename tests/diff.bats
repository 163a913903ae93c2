# SPDX-License-Identifier: LGPL-2.1-or-later
# Differential tests: each call, over some hundred path shapes, in scripts and in
# random sequences, gives the same results, errno and bytes under the shim as in
# a real, empty /tmp. The full table and long sequences are in long/diff-*.bats.

load common
load diff/alike

setup() {
	export DIFF_BUILD=$PRIVTMP_BUILD/diff
}

# differ OPTION...: the comparison must fail, and for no other reason.
differ() {
	local status=0
	output=$("$RUN" "$@" 2>&1) || status=$?
	[ "$status" != 77 ] || skip "${output#skip: }"
	[ "$status" = 1 ] || fail "not noticed: $* (status $status) $output"
}

script() {
	alike --script "$PRIVTMP_SOURCE/tests/diff/scripts/$1.steps"
}

# -- That the comparison is worth something -------------------------------------

@test "two bare runs do not differ" {
	SHIM=none alike --sample 40
	SHIM=none alike --seed 1 --steps 1000
}

@test "a library that is wrong in one way is noticed, whichever way it is" {
	local fault
	for fault in collapse prefix fault errno errno-on-success erange stat-size \
		terminated readlink-length mode rewritten lost cloexec descriptor \
		sockaddr glob readdir; do
		differ --shim none --broken "$fault" \
			--script "$PRIVTMP_SOURCE/tests/diff/broken/notice.steps"
	done
}

@test "the steps that notice them do not differ by themselves" {
	SHIM=none alike --script "$PRIVTMP_SOURCE/tests/diff/broken/notice.steps"
}

@test "a program without the shim is seen to meet the decoys and to leave traces" {
	differ --shim none --decoys yes -e 'put /tmp/trace text' -e 'opendir /tmp'
	assert [ -n "$output" ]
	[[ $output == *"outside the session"* && $output == *"/tmp/trace"* ]]
	[[ $output == *"lines differ"* ]]
}

@test "a difference of a random run can be replayed by its block alone" {
	differ --shim none --broken errno --seed 5 --steps 900
	[[ $output =~ --block\ ([0-9]+) ]]
	differ --shim none --broken errno --seed 5 --steps 900 --block "${BASH_REMATCH[1]}"
}

# -- The shim -------------------------------------------------------------------

@test "every call, over a part of the path shapes" {
	alike --sample 40
}

@test "every call, where no link makes the shim walk every path" {
	alike --plain --sample 40
	need_users
	alike --plain --user "$TEST_UID" --sample 43
}

@test "every call, over a part of the path shapes, as a plain user" {
	need_users
	alike --user "$TEST_UID" --sample 43
}

@test "every call, with /tmp on the file system of the rest" {
	need_users
	alike --user "$TEST_UID" --flat --sample 47
}

@test "random sequences of calls (seeds 1 to 3)" {
	alike --seed "${DIFF_SEED:-1}" --steps 2500
	need_users
	alike --seed "${DIFF_SEED:-2}" --steps 2500 --user "$TEST_UID"
	alike --seed "${DIFF_SEED:-3}" --steps 2500 --user "$TEST_UID" --flat
}

@test "working directories: in, out, moved, removed, deep" {
	script cwd
}

@test "links, what they say and where they lead; hard links and renames across the border" {
	script links
}

@test "links, as a plain user on one file system: across the border without EXDEV" {
	need_users
	alike --user "$TEST_UID" --flat --script "$PRIVTMP_SOURCE/tests/diff/scripts/links.steps"
}

@test "names that libc makes up" {
	script temp
}

@test "AF_UNIX names: lengths, truncation, near 108 bytes, abstract" {
	script sockets
}

@test "programs and scripts started from /tmp, by every call that starts one" {
	script exec
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
