# SPDX-License-Identifier: LGPL-2.1-or-later
# Where no private directory can be had, a program is told so in one line and by
# the errno of its call; and never is the shared directory used in its place.
#
# shellcheck disable=SC2016 # what is quoted is expanded in a namespace of its own

load common

setup() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount a /tmp"
	unshare --mount --propagation private true 2>/dev/null || skip "needs a mount namespace"
	STEPS=$PROGS/id_steps
	TESTER=$BATS_TEST_TMPDIR/weather
	write_tester
	SHARED=(make:/tmp/x read:/tmp/planted write:/tmp/planted mkdir:/tmp/d
		remove:/tmp/planted cd:/tmp)
}

# write_tester: write the program that makes bad weather, and looks what it did to
# the shared directories.
write_tester() {
	cat >"$TESTER" <<'END'
#!/bin/bash
# weather SETUP COMMAND [ARG]...: SETUP has a /tmp and a /var/tmp of its own, with a
# file in each, to spoil; then COMMAND is run. Status 98 where the directories are
# not what they were before.
mount -t tmpfs -o mode=1777 tmp /tmp && mount -t tmpfs -o mode=1777 vartmp /var/tmp || exit 99
for dir in /tmp /var/tmp; do
	echo planted >$dir/planted
	chmod 666 $dir/planted
done
setup=$1
shift
eval "$setup" || exit 99
listed() {
	find /tmp /var/tmp -printf '%p %y %m %U %n %T@ ' \( -type f -exec cat {} \; -o -print \)
}
before=$(listed)
status=0
"$@" || status=$?
# The helper may have to wait for its turn.
for ((i = 0; i < 100; i++)); do
	[[ -z $(find /tmp /var/tmp -name '.privtmp-*') ]] && break
	sleep 0.02
done
# What was made and removed again leaves its mark on the directory's times.
unmarked() { sed -E 's,^(/tmp|/var/tmp) ([^@]*) [0-9.]+ ,\1 \2 ,' <<<"$1"; }
diff <(unmarked "$before") <(unmarked "$(listed)") || exit 98
exit $status
END
	chmod 755 "$TESTER"
}

# weather SETUP COMMAND [ARG]...
weather() {
	unshare --mount --propagation private "$TESTER" "$@"
}

# steps SETUP STEP...: id_steps under the shim, in that weather.
steps() {
	local setup=$1

	shift
	run --separate-stderr weather "$setup" env LD_PRELOAD="$SHIM" "$STEPS" "$@"
	[[ $status -le 1 ]] || fail "status $status: $output $stderr"
}

# user_steps SETUP STEP...: the same as a plain user.
user_steps() {
	local setup=$1

	shift
	run --separate-stderr weather "$setup" setpriv --reuid="$TEST_UID" --regid="$TEST_UID" \
		--clear-groups --inh-caps=-all -- env LD_PRELOAD="$SHIM" "$STEPS" "$@"
	[[ $status -le 1 ]] || fail "status $status: $output $stderr"
}

# told LINE: standard error is this one line; LINE is a pattern.
told() {
	# shellcheck disable=SC2154 # bats' own
	[[ ${#stderr_lines[@]} -eq 1 && $stderr =~ ^privtmp:\ $1$ ]] ||
		fail "not one line with $1: $stderr"
}

# all_fail ERRNO: that many steps as SHARED has, each with this error.
all_fail() {
	local step

	for step in "${SHARED[@]}"; do
		assert_line "$step $1"
	done
	assert_equal "${#lines[@]}" "${#SHARED[@]}"
}

@test "without the shim, the shared directory is used, and the watcher sees it" {
	run -98 weather : "$STEPS" make:/tmp/x read:/tmp/planted remove:/tmp/planted
	assert_line planted
	assert_line --partial '> /tmp/x f 644'
	assert_line --partial '< /tmp/planted f 666'
	run -0 weather : "$STEPS" gone:/tmp/x
}

@test "in fair weather nothing is said, and nothing stays" {
	steps : make:/tmp/x make:/var/tmp/x mkdir:/tmp/d gone:/tmp/planted
	[[ -z $stderr ]] || fail "$stderr"
	refute_line --partial E
}

@test "a read-only /tmp: EROFS" {
	steps 'mount -o remount,ro /tmp' "${SHARED[@]}"
	all_fail EROFS
	told '/tmp: no private directory can be made here: Read-only file system \(30\); make it writable, or set PRIVTMP_ROOT'
}

@test "an unwritable /tmp: EACCES" {
	need_users
	user_steps 'chmod 755 /tmp' "${SHARED[@]}"
	all_fail EACCES
	told '/tmp: no private directory can be made here: Permission denied \(13\); make it writable, .*'
}

@test "a full /tmp, at each step that takes an inode or a page: ENOSPC" {
	local i full=0

	for i in 2 3 4 5; do
		steps "mount -o remount,nr_inodes=$i /tmp" "${SHARED[@]}"
		[[ -n $stderr ]] || break
		all_fail ENOSPC
		told '/tmp: no private directory can be made here: No space left on device \(28\); free some space, .*'
		full=$((full + 1))
	done
	((full >= 2)) || fail "full $full times"
	steps 'mount -o remount,size=4k /tmp' "${SHARED[@]}"
	all_fail ENOSPC
	told '/tmp: .*No space left on device.*'
}

@test "a /tmp that is full later on: the program's own ENOSPC, and nothing stays" {
	run --separate-stderr weather 'mount -o remount,size=32k /tmp' env LD_PRELOAD="$SHIM" \
		sh -c 'head -c 100000 /dev/zero >/tmp/big; ls /tmp; mkdir /tmp/d && echo d'
	assert_output $'big\nd'
	[[ $stderr =~ 'No space left' && ! $stderr =~ privtmp ]] || fail "$stderr"
}

@test "a /tmp that is not sticky though others can write there: EPERM" {
	local mode

	for mode in 0777 0775; do
		steps "chmod $mode /tmp" "${SHARED[@]}"
		all_fail EPERM
		told '/tmp: no private directory can be made here: Operation not permitted \(1\); it must belong to root or to you and be sticky.*'
	done
	# Of one's own that others cannot write to, no stickiness is asked.
	steps 'chmod 755 /tmp' make:/tmp/x
	assert_output "make:/tmp/x ok"
}

@test "a /tmp that somebody else owns: EPERM, for root, too" {
	steps "chown $OTHER_UID /tmp" "${SHARED[@]}"
	all_fail EPERM
	told '/tmp: .*; it must belong to root or to you .*'
	need_users
	user_steps "chown $OTHER_UID /tmp" "${SHARED[@]}"
	all_fail EPERM
	told '/tmp: .*; it must belong to root or to you .*'
}

@test "a /var/tmp that no session can be made in: its own line, and /tmp works" {
	local setup error

	while read -r error setup; do
		steps "$setup" make:/tmp/x make:/var/tmp/x read:/var/tmp/planted mkdir:/var/tmp/d \
			make:/tmp/y
		assert_output "make:/tmp/x ok
make:/var/tmp/x $error
read:/var/tmp/planted $error
mkdir:/var/tmp/d $error
make:/tmp/y ok"
		told '/var/tmp: no private directory can be made here: .*; .*'
	done <<-END
		EROFS mount -o remount,ro /var/tmp
		ENOSPC mount -o remount,nr_inodes=2 /var/tmp
		ENOSPC mount -o remount,nr_inodes=3 /var/tmp
		ENOSPC mount -o remount,nr_inodes=4 /var/tmp
		EPERM chmod 777 /var/tmp
		EPERM chown $OTHER_UID /var/tmp
	END
}

@test "a daemon that drops to a user does not complain of a /var/tmp that it never uses" {
	need_users
	steps 'mount -o remount,ro /var/tmp' make:/tmp/x setuid:"$TEST_UID" make:/tmp/y
	[[ -z $stderr ]] || fail "$stderr"
	assert_line "make:/tmp/y ok"
}

@test "children of a program that has no session have none, and those that need none work" {
	run --separate-stderr weather 'mount -o remount,ro /tmp' env LD_PRELOAD="$SHIM" \
		sh -c 'echo x 2>/dev/null >/tmp/x; ls /etc >/dev/null && echo works
			cat /tmp/planted 2>/dev/null || (cat </tmp/planted) 2>/dev/null || echo none'
	assert_output $'works\nnone'
}

@test "PRIVTMP_ONFAIL=pass uses the shared directory, and says so" {
	run --separate-stderr weather 'mount -o remount,ro /tmp' env PRIVTMP_ONFAIL=pass \
		LD_PRELOAD="$SHIM" "$STEPS" read:/tmp/planted make:/tmp/x
	assert_output $'planted\nread:/tmp/planted ok\nmake:/tmp/x EROFS'
	assert_equal "${#stderr_lines[@]}" 2
	[[ ${stderr_lines[1]} == *"runs unprotected"* ]] || fail "$stderr"
}
