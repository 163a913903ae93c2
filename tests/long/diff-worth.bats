# SPDX-License-Identifier: LGPL-2.1-or-later
# That the differential tests are worth something: what is right does not differ,
# and a library that is wrong on purpose is noticed.

load ../common
load ../diff/alike

setup() {
	export DIFF_BUILD=$PRIVTMP_BUILD/diff
}

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
	# With this seed access(2) fails with ENOTDIR, for which the fault is; with most not.
	differ --shim none --broken errno --seed 7 --steps 900
	[[ $output =~ --block\ ([0-9]+) ]]
	differ --shim none --broken errno --seed 7 --steps 900 --block "${BASH_REMATCH[1]}"
}
