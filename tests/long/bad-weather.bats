# SPDX-License-Identifier: LGPL-2.1-or-later
# Where no private directory can be had, a program is told so in one line and by
# the errno of its call; and never is the shared directory used in its place.
#
# shellcheck disable=SC2016 # what is quoted is expanded in a namespace of its own
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load ../common

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
# What was made and removed again leaves its mark on the directory's times.
listed() {
	find /tmp /var/tmp \( -name tmp -printf '%p %m %U\n' \) -o \
		\( -printf '%p %y %m %U %n %T@\n' -type f -exec head -c 999 {} + \) |
		tr -d '\0'
}
before=$(listed)
status=0
"$@" || status=$?
# The helper may have to wait for its turn.
for ((i = 0; i < 10; i++)); do
	[[ $before == "$(listed)" ]] && exit $status
	sleep 0.1
done
diff <(echo "$before") <(listed)
exit 98
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

@test "a /tmp that others have filled does not end a program that tells its members something" {
	local image=$BATS_TEST_TMPDIR/image

	command -v perl >/dev/null || skip "needs perl"
	# It has to find room for what is written again, and kills who does so by a mapping.
	command -v mkfs.btrfs >/dev/null || skip "needs mkfs.btrfs"
	truncate -s 200M "$image"
	mkfs.btrfs -q "$image"
	cat >"$BATS_TEST_TMPDIR/fill" <<'END'
#!/bin/sh
sync -f /tmp
for size in 1M 4k 4k; do
	dd if=/dev/urandom bs=$size >>/tmp/fill 2>/dev/null
	sync -f /tmp
done
END
	chmod 755 "$BATS_TEST_TMPDIR/fill"
	# shellcheck disable=SC2016 # perl
	run unshare --mount --propagation private sh -c '
		mount -o loop "$0" /tmp || { echo "not mounted"; exit; }
		chmod 1777 /tmp
		LD_PRELOAD=$1 exec perl -e "$3" "$2"' "$image" "$SHIM" "$BATS_TEST_TMPDIR/fill" '
		$| = 1;
		open(my $file, ">", "/tmp/x") or die;
		system("env", "-u", "LD_PRELOAD", $ARGV[0]);
		symlink("/", "/tmp/up") and -l "/tmp/up" and print "linked\n";
		$> = '"$OTHER_UID"';
		$> = 0;
		-e "/tmp/x" and print "goes on\n"'
	[[ $output != *"not mounted"* ]] || skip "needs a loop device"
	assert_equal "$status" 0
	assert_line linked
	assert_line --partial "another user cannot be admitted here: No space left on device (28); free some space"
	assert_line "goes on"
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

# -- Paths -------------------------------------------------------------------------

@test "odd paths: the same errors with the shim as without it" {
	local without

	without=$(weather 'rm /tmp/planted' "$PROGS/bad_paths") || :
	run -0 weather 'rm /tmp/planted' env LD_PRELOAD="$SHIM" "$PROGS/bad_paths"
	assert_output "$(sed '/^[0-9,]*[acd][0-9,]*$/d; /^[<>]/d' <<<"$without")"
	# Else this would compare nothing with nothing.
	assert_line 'name-255 ok ok ENOENT ENOENT ok'
}

@test "arguments and environments that cannot be read: the same errors with the shim" {
	local without

	without=$(weather : "$PROGS/bad_vectors")
	run -0 weather : env LD_PRELOAD="$SHIM" "$PROGS/bad_vectors"
	assert_output "$without"
	run -0 weather : "$PRIVTMP" audit --output /dev/null -- "$PROGS/bad_vectors"
	assert_output "$without"
	assert_line 'envp low-string /bin/true: EFAULT EFAULT EFAULT EFAULT'
	assert_line 'argv no-end /tmp/absent: ENOENT ENOENT ENOENT'
}

@test "odd paths where no session can be had: never the shared directory" {
	run --separate-stderr -0 weather 'mount -o remount,ro /tmp' \
		env LD_PRELOAD="$SHIM" "$PROGS/bad_paths"
	told '/tmp: no private directory can be made here: Read-only .*'
	[[ ${#lines[@]} -eq 13 ]]
	refute_output --partial ok
	assert_line 'null EFAULT EFAULT EFAULT EFAULT EFAULT'
	assert_line 'empty ENOENT ENOENT ENOENT ENOENT ENOENT'
	assert_line 'unterminated EFAULT EFAULT EFAULT EFAULT EFAULT'
	assert_line 'name-255 EROFS EROFS EROFS EROFS EROFS'
	assert_line 'path-4095 EROFS EROFS EROFS EROFS EROFS'
	assert_line --regexp '^path-9000( ENAMETOOLONG){5}$'
	assert_line 'not-utf-8 EROFS EROFS EROFS EROFS EROFS'
	assert_line 'relative EROFS EROFS EROFS EROFS EROFS'
}

# -- Sessions that others name --------------------------------------------------------

# told_of_session SPOIL STEP...: what a user, V, does who is told to be in the session
# SESSION: that of R, of its own and alive; but SPOIL has spoiled that. Afterwards
# all is as it was there.
told_of_session() {
	local spoil=$1

	shift
	need_users
	run --separate-stderr weather '
		R=/tmp/.privtmp-0123456789abcdefghijkl V='"$TEST_UID OTHER=$OTHER_UID"'
		export SESSION=-:0:0:$R
		install -d -o $V -m 700 $R
		S=$R/0123456789a
		install -d -o $V -m 711 $S
		install -d -o $V -m 1777 $S/tmp
		echo of-session >$S/tmp/found
		printf "privtmp 2\nguard %s\t/tmp\nsession %s\n" $S $R >$R/lease
		head -c 5 /dev/zero >$R/hints
		chmod 444 $R/lease
		chown $V $R/lease $R/hints $S/tmp/found
		exec 8<$R/lease
		flock -s 8
		'"$spoil" sh -c 'exec setpriv --reuid="$0" --regid="$0" --clear-groups --inh-caps=-all \
			-- env PRIVTMP_SESSION="$SESSION" LD_PRELOAD="$SHIM" "$@"' \
		"$TEST_UID" "$STEPS" "$@"
	[[ $status -le 1 ]] || fail "status $status after $spoil: $output $stderr"
}

# not_believed SPOIL: it has a session of its own then.
not_believed() {
	told_of_session "$1" gone:/tmp/found make:/tmp/x read:/tmp/x
	[[ $output == "gone:/tmp/found ok
make:/tmp/x ok
$TEST_UID
read:/tmp/x ok" ]] || fail "after $1: $output"
	[[ -z $stderr ]] || fail "after $1: $stderr"
}

@test "a session that is named by its root, and by its lease's descriptor, is joined" {
	told_of_session : read:/tmp/found
	assert_line of-session
	# And the program does not find that descriptor.
	told_of_session 'SESSION=8:0:0:$R' read:/tmp/found run:'[ ! -e /proc/$$/fd/8 ]'
	assert_output $'of-session\nread:/tmp/found ok\nrun:[ ! -e /proc/$$/fd/8 ] ok'
}

@test "a session whose lease's number is another file's by now is joined, and the file stays" {
	told_of_session 'SESSION=9:0:0:$R; echo mine >/tmp/mine; chown $V /tmp/mine; exec 9</tmp/mine' \
		read:/tmp/found run:'cat <&9'
	assert_line of-session
	assert_line mine
	[[ -z $stderr ]] || fail "$stderr"
}

@test "a session of somebody else's is not believed" {
	not_believed 'chown -R $OTHER $R'
	not_believed 'chown -R $OTHER $R; chmod 777 $R; SESSION=8:0:0:$R'
	not_believed 'chown $OTHER $R'
	not_believed 'chown $OTHER $R/lease; SESSION=8:0:0:$R'
}

@test "a session that others can reach is not believed" {
	not_believed 'chmod 777 $R'
	not_believed 'chmod 750 $R'
	not_believed 'chmod 666 $R/lease'
	not_believed 'install -d -m 777 /tmp/open; mv $R /tmp/open; R=/tmp/open/${R##*/}
		sed -i "s,/tmp/.priv,/tmp/open/.priv," $R/lease; exec 8<$R/lease; flock -s 8
		chown $V $R/lease; SESSION=-:0:0:$R'
}

@test "a session that is not there, or dead, is not believed" {
	not_believed 'SESSION=-:0:0:/tmp/.privtmp-ABCDEFGHIJKLMNOPQRSTUV'
	not_believed 'flock -u 8'
	not_believed 'rm $R/lease'
	not_believed 'SESSION=-:0:0:/var/tmp/${R##*/}; mv $R /var/tmp; ln -s /var/tmp/${R##*/} $R
		SESSION=-:0:0:$R'
}

@test "a lease that is a link, a FIFO, a directory, huge, empty or nonsense is not believed" {
	not_believed 'mv $R/lease /tmp/other; ln -s /tmp/other $R/lease'
	not_believed 'rm $R/lease; mkfifo -m 666 $R/lease; chown $V $R/lease'
	not_believed 'rm $R/lease; mkfifo -m 666 $R/lease; exec 9<>$R/lease; SESSION=9:0:0:$R'
	not_believed 'rm $R/lease; install -d -o $V $R/lease'
	not_believed 'truncate -s 1T $R/lease; SESSION=8:0:0:$R'
	not_believed ': >$R/lease'
	not_believed 'echo nonsense >$R/lease; SESSION=8:0:0:$R'
	not_believed 'head -c 9000 /dev/urandom >$R/lease'
	not_believed 'sed -i s/0123456789/9876543210/ $R/lease; exec 8<$R/lease; flock -s 8
		chown $V $R/lease'
}

@test "a value that makes no sense is not believed" {
	local value

	for value in '' '-:0:0:$R/../${R##*/}' '99999999999999999999:0:0:$R' '-:0:0:${R#/}'; do
		not_believed "SESSION=\"$value\""
	done
}
