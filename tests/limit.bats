#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# --size-limit: behind the mount door a session is held to a size.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # bats: subshells, and its variables

load common
load run
load door

setup() {
	NAME=privtmp-limit-$$-$RANDOM
	LOG=$BATS_TEST_TMPDIR/log
	STRANGE=''
	TOOL=("$PRIVTMP")
	RUN=("$PRIVTMP" run)
	NAP="sleep 6$((RANDOM % 10)).$$$RANDOM" # by which it is found
}

# napping: the process that sleeps so.
napping() {
	pgrep -n -f "^${NAP/./\\.}\$"
}

teardown() {
	rm -f "/tmp/$NAME" "/var/tmp/$NAME"
}

# no_limited: no file system of a limited session is left in any namespace that is.
no_limited() {
	! grep -sl "privtmp .*size=${1:-1024}k" /proc/[0-9]*/mountinfo
}

@test "each private directory takes as much as the limit says, and no more" {
	local who

	need_door
	for who in root user container; do
		cd /tmp
		run -0 as "$who" "${RUN[@]}" --size-limit 1M sh -c '
			pwd
			head -c 1048577 /dev/zero 2>&1 >"/tmp/$0" | grep -o "No space.*"; stat -c %s "/tmp/$0"
			head -c 1048576 /dev/zero >"/var/tmp/$0"; stat -c %s "/var/tmp/$0"
			rm "/tmp/$0"; echo again >"$0"; cat "/tmp/$0"' "$NAME"
		assert_output "/tmp
No space left on device
1048576
1048576
again"
		[[ ! -e /tmp/$NAME && ! -e /var/tmp/$NAME ]]
		assert_no_session
		wait_until 5 no_limited
	done
}

@test "the size is in bytes, or in K, M, G or T; 0 is no limit" {
	need_door
	run -0 "${RUN[@]}" --size-limit 8192 stat -fc '%b %S' /tmp
	assert_output "2 4096"
	run -0 "${RUN[@]}" --size-limit 64K stat -fc '%b %S' /tmp
	assert_output "16 4096"
	run -0 "${RUN[@]}" --size-limit 2G stat -fc '%b %S' /tmp
	assert_output "524288 4096"
	run -0 "${RUN[@]}" --size-limit 0 --verbose stat -fc %T /var/tmp
	refute_output --partial "by mounts"
	run -125 "${RUN[@]}" --size-limit 64X true
	assert_output "privtmp: --size-limit 64X: is not a size; use a number of bytes, or one with K, M, G or T behind it"
}

@test "there are only so many files, because each of them takes memory" {
	need_door
	run -0 as_user "${RUN[@]}" --size-limit 64K bash -c '
		n=0; while : 2>/dev/null >/tmp/$n && [ $n -lt 3000 ]; do n=$((n + 1)); done; echo $n'
	((output > 1000 && output < 1100))
}

@test "the directory is as the private one on disk, and its mount as the shared one" {
	local who here there

	need_door
	for who in root user; do
		here=$(as "$who" "${RUN[@]}" --backend mount stat -c '%a %u %g' /tmp /var/tmp)
		there=$(as "$who" "${RUN[@]}" --size-limit 1M stat -c '%a %u %g' /tmp /var/tmp)
		assert_equal "$there" "$here"
	done
	# What is executed, and whether, is up to the shared directory's own mount.
	need_worlds
	run -0 world mode=1777,nosuid,nodev,noexec "${RUN[@]}" --size-limit 1M sh -c '
		grep " /tmp " /proc/self/mountinfo | tail -n 1 | cut -d" " -f6
		cp /bin/true /tmp; /tmp/true 2>/dev/null; echo $?'
	assert_output $'rw,nosuid,nodev,noexec,relatime\n126'
	run -0 world mode=1777 "${RUN[@]}" --size-limit 1M sh -c '
		grep " /tmp " /proc/self/mountinfo | tail -n 1 | cut -d" " -f6
		cp /bin/true /tmp; /tmp/true; echo $?'
	assert_output $'rw,relatime\n0'
}

@test "all programs of the session are in it: static ones, shims, without an environment" {
	need_door
	make_static
	run -0 as_user "${RUN[@]}" --size-limit 1M sh -c "
		echo one >/tmp/$NAME
		$STATIC get /tmp/$NAME
		env -i LD_PRELOAD=$SHIM bash -c 'cat /tmp/$NAME; echo two >>/tmp/$NAME'
		env -i $STATIC run sh -c 'cat /tmp/$NAME'"
	assert_output $'one\none\none\ntwo'
	[[ ! -e /tmp/$NAME ]]
}

@test "what is shared is there, and TMPDIR" {
	local dir

	need_door
	echo shared >"/tmp/$NAME"
	run -0 "${RUN[@]}" --size-limit 1M --share "/tmp/$NAME" sh -c "
		cat /tmp/$NAME; echo more >>/tmp/$NAME; echo x >/tmp/$NAME-own; ls /tmp"
	assert_output "shared
$NAME
$NAME-own"
	assert_equal "$(cat "/tmp/$NAME")" $'shared\nmore'
	rm "/tmp/$NAME"
	dir=$(mktemp -d "/tmp/$NAME-XXXXXX")
	run -0 env TMPDIR="$dir" "${RUN[@]}" --size-limit 1M sh -c 'mktemp; stat -c %a "$TMPDIR"'
	rmdir "$dir"
	assert_line --index 0 --partial "$dir/tmp."
	assert_line --index 1 700
}

@test "a killed session leaves no file and no memory behind" {
	local root

	need_door
	start as_user "${RUN[@]}" --size-limit 1M sh -c 'head -c 500000 /dev/zero >/tmp/x; echo ready; exec '"$NAP"
	wait_until 10 logged ready
	root=$(new_sessions | grep '^/tmp/')
	# On disk there is no more of it than its directory.
	[[ -z $(find "$root" -name x) ]]
	kill -KILL "$PID"
	kill -KILL "$(napping)"
	assert_no_session 5
	wait_until 5 no_limited
}

@test "privtmp list counts what is in memory, for its owner and for root" {
	local who

	need_door
	command -v jq >/dev/null || skip "needs jq"
	start as_user "${RUN[@]}" --size-limit 1M sh -c '
		head -c 8192 /dev/zero >/tmp/x; mkdir /var/tmp/d; echo y >/var/tmp/d/y
		echo ready; exec '"$NAP"
	wait_until 10 logged ready
	for who in root user; do
		run -0 as "$who" "$PRIVTMP" list --format json
		assert_equal "$(jq -c ".sessions[] | select(.uid == $TEST_UID) | [.files, .bytes, .partly]" <<<"$output")" \
			'[2,12288,false]'
	done
	kill -TERM "$(napping)"
	assert_no_session 5
	wait_until 5 no_limited
}

@test "a background process keeps it, and takes it along" {
	need_door
	start as_user "${RUN[@]}" --size-limit 1M sh -c "
		echo kept >/tmp/x; echo ready
		(sleep 1; read -r it </tmp/x; echo \$it) & exit 3"
	ends "$PID" 3 15
	logged kept
	assert_no_session
	wait_until 5 no_limited
}

@test "enter goes to the session's memory, as its owner and as root, with no more rights" {
	local who by root pid rights="grep -E 'Cap(Prm|Eff|Bnd)' /proc/self/status"

	need_door
	for who in root user container; do
		start as "$who" "${RUN[@]}" --size-limit 1M sh -c "echo inside >/tmp/$NAME; echo ready; exec $NAP"
		wait_until 10 logged ready
		root=$(new_sessions | grep '^/tmp/')
		pid=$(napping)
		for by in root "$who"; do
			cd /tmp
			run -0 as "$by" "$PRIVTMP" enter "$root" sh -c "
				cat /tmp/$NAME; pwd; echo $by >>/var/tmp/$NAME; ls -A /var/tmp; id -u
				$rights" </dev/null
			assert_output "inside
/tmp
$NAME
$([[ $who == user ]] && by=user; as "$by" sh -c "id -u; $rights")"
		done
		# By a process that is in it; and a session inside is another one.
		run -0 as "$who" "$PRIVTMP" enter "$pid" "$PRIVTMP" run --size-limit 64K sh -c 'ls -A /tmp; stat -fc %b /tmp' </dev/null
		assert_output 16
		run -0 as "$who" "$PRIVTMP" enter "$pid" sh -c 'exec cat /var/tmp/*' </dev/null
		assert_output "root
$who"
		[[ -z $(find "$root" -name "$NAME") ]]
		kill -TERM "$pid"
		assert_no_session 5
		wait_until 5 no_limited
	done
}

@test "nobody gets another directory for it: not by the door, or the library" {
	local root

	need_door
	start "${RUN[@]}" --size-limit 1M sh -c 'echo inside >/tmp/x; echo ready; exec '"$NAP"
	wait_until 10 logged ready
	root=$(new_sessions | grep '^/tmp/')
	run -125 "$PRIVTMP" enter --backend preload "$root" ls /tmp
	assert_output --partial "the library does not reach what is held to a size"
	run -125 as container "$PRIVTMP" enter "$root" ls /tmp
	assert_output --partial "the session's memory cannot be entered: Operation not permitted"
	run -0 "$PRIVTMP" enter --backend mount "$root" ls /tmp
	assert_output x
	run -125 env PRIVTMP_SESSION="-:-:0:$root" "$DOOR" -- /bin/ls /tmp
	assert_output --partial "its session is held to a size"
	# A session of its own is what the library takes, as where the named one is gone.
	run -0 shimmed env PRIVTMP_SESSION="-:-:0:$root" sh -c 'echo x >/tmp/x; echo /tmp/*'
	assert_output /tmp/x
	[[ -z $(find "$root" -name x) ]]
	kill -TERM "$PID"
	assert_no_session 5
}

@test "where the mount door is not taken or does not open, it is refused" {
	run -125 "${RUN[@]}" --backend preload --size-limit 64M true
	assert_output --partial "the library holds no session to a size; use --backend mount, or name a --root of that size"
	run shimmed env PRIVTMP_SIZE_LIMIT=1G sh -c "echo x >/tmp/$NAME"
	assert_output --partial "PRIVTMP_SIZE_LIMIT: cannot be kept by the library"
	assert_output --partial "use privtmp run --backend mount, or set PRIVTMP_ROOT"
	[[ ! -e /tmp/$NAME ]]
	run -125 env PRIVTMP_SIZE_LIMIT=1M "$PRIVTMP" audit --redirect true
	assert_output --partial "the library holds no session to a size; it cannot be audited"
	run -2 "$PRIVTMP" unit --user --size-limit 1G legacy
	assert_output --partial "name a --root of that size"
	assert_no_session
	need_door
	run -125 unshare --user --map-current-user setpriv --no-new-privs sh -c \
		'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all "$0" run --size-limit 1M true' "$PRIVTMP"
	assert_output --partial "to be held to a size; and the mount door does not open"
	assert_no_session
}

@test "who would rather run without the limit may, and is told" {
	run -0 "${RUN[@]}" --backend preload --size-limit 1G --onfail pass sh -c "echo x >/tmp/$NAME; ls /tmp"
	assert_line --partial "it runs with no limit of the size"
	assert_line "$NAME"
	[[ ! -e /tmp/$NAME ]]
	assert_no_session
}

@test "what is to be kept cannot be in memory" {
	need_door
	for keep in failure always; do
		run -125 "${RUN[@]}" --size-limit 1M --keep "$keep" true
		assert_output "privtmp: PRIVTMP_KEEP: nothing can be kept of a session with PRIVTMP_SIZE_LIMIT, which is in memory; set it to never, or set no limit"
	done
	assert_no_session 0
}

@test "a file system of that size does for the library" {
	need_worlds
	run unshare --mount --propagation private sh -c 'mount -t tmpfs -o size=1M,mode=1777 small /mnt &&
		"$1" run --root /mnt sh -c "head -c 2000000 /dev/zero >/tmp/x"' sh "$PRIVTMP"
	assert_output --partial "No space left on device"
}

@test "a wrapped program, and one whose section says so, are held to the size" {
	local dir

	need_door
	dir=$(scratch)
	cp "$(type -P stat)" "$dir/legacy"
	run -0 "$PRIVTMP" wrap --size-limit 64K "$dir/legacy"
	run -0 "$dir/legacy" -fc %b /tmp
	assert_output 16
	run -0 "$PRIVTMP" wrap --undo "$dir/legacy"
}
