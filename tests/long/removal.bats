# SPDX-License-Identifier: LGPL-2.1-or-later
# Removal in number; see ../removal.bats. Prints figures.
#
# shellcheck disable=SC2016 # what is quoted is expanded by an inner shell

load ../common
load ../run

REMOVAL=$PROGS/removal

# milliseconds: on a clock of this script's.
milliseconds() {
	local now=$EPOCHREALTIME

	echo $((${now//[.,]/} / 1000))
}

# end_of NUMBER: how long the end of a program with NUMBER files takes, in ms. It
# writes the time at which it is about to end.
end_of() {
	local before

	before=$(shimmed bash -c 'cd /tmp && "$0" "files:$1" && echo "${EPOCHREALTIME//[.,]/}"' \
		"$REMOVAL" "$1") || return
	assert_no_session 0 || return
	echo $(($(milliseconds) - before / 1000))
}

# rm_of NUMBER: the same of rm -rf on such files, in the same file system.
rm_of() {
	local before dir

	dir=$(mktemp -d /tmp/removal-XXXXXX) || return
	env -C "$dir" "$REMOVAL" "files:$1" || return
	before=$(milliseconds)
	rm -rf "$dir"
	echo $(($(milliseconds) - before))
}

@test "a million files are removed before the program's end returns" {
	local ms

	df --output=iavail /tmp | awk 'NR == 2 { exit $1 < 1100000 }' ||
		skip "/tmp has not enough inodes"
	ms=$(end_of 1000000)
	echo "# 1,000,000 files: $((ms / 1000)).$(((ms % 1000) / 100)) s, $((1000000000 / ms)) a second" >&3
	((ms < 120000)) || fail "$ms ms"
}

@test "100,000 files are removed in less than one and a half times what rm -rf takes" {
	local try ratio best=1000 ms rm

	for ((try = 0; try < 3; try++)); do
		ms=$(end_of 100000)
		rm=$(rm_of 100000)
		ratio=$((ms * 100 / rm))
		((ratio >= best)) || best=$ratio
		echo "# 100,000 files: $ms ms, rm -rf: $rm ms, ratio $((ratio / 100)).$((ratio / 10 % 10))$((ratio % 10))" >&3
	done
	((best < 150)) || fail "$best percent"
}

@test "who has thousands of subordinate numbers hides nobody's session from sweep" {
	need_worlds
	command -v perl >/dev/null || skip "needs perl"
	# shellcheck disable=SC2016 # perl and the inner shell
	run -1 world mode=1777 sh -c '
		mkdir -m 700 /tmp/.privtmp-0123456789abcdefghijkl
		chown "$1" /tmp/.privtmp-0123456789abcdefghijkl
		touch -d "2 minutes ago" /tmp/.privtmp-0123456789abcdefghijkl
		# These are listed before it, as they are newer.
		perl -e "for (1 .. 4097) {
			\$dir = sprintf(\"/tmp/.privtmp-AAAAAAAAAAAAAAAAA%05d\", \$_);
			mkdir(\$dir, 0755) and chown(100000 + \$_, 100000, \$dir)
		}"
		"$0" sweep --timeout 5
		status=$?
		ls -d /tmp/.privtmp-0123456789abcdefghijkl
		exit $status' "$PRIVTMP" "$TEST_UID"
	assert_line --partial "there are more than can be looked at"
	assert_line --partial "cannot access '/tmp/.privtmp-0123456789abcdefghijkl'"
}
