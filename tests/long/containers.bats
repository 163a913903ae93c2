# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Containers, by a real engine (podman and crun) with the filter that Docker and it have:
# a container's own /tmp, as root and as a user, without new privileges, on a read-only
# root, in a user namespace, and on a /tmp that containers share.
# (gVisor is in no distribution: it has not been tried.)

# shellcheck disable=SC2016,SC2030,SC2031 # expanded in the container; subshells
load ../common

LIBRARY=/usr/local/lib/libprivtmp.so

# What every use must give: own files are there for all members, and nobody else's.
# shellcheck disable=SC2016 # expanded in the container
USES='echo x >/tmp/a; mkdir -p /var/tmp/d; sh -c "cat /tmp/a; echo y >/tmp/b"; cat /tmp/b
	rm /tmp/b; (sleep 0.3; cat /tmp/a) & wait; ls /tmp; echo end'
ALL=$'x\ny\nx\na\nend'

setup_file() {
	PLACE=$BATS_FILE_TMPDIR/engine
	export PLACE
	mkdir "$PLACE"
	missing=$(what_is_missing)
	export missing
}

setup() {
	[[ ! $missing ]] || skip "$missing"
}

# what_is_missing: make the image, and say why no engine can run it.
what_is_missing() {
	local need

	[[ $(id -u) -eq 0 ]] || { echo "needs root, for the engine's mounts" && return; }
	for need in podman crun unshare ldd; do
		command -v "$need" >/dev/null || { echo "needs $need" && return; }
	done
	make_image "$PLACE/image" >"$PLACE/log" 2>&1 && engine true >"$PLACE/log" 2>&1 ||
		echo "the engine cannot run here: $(tail -n 1 "$PLACE/log")"
}

teardown_file() {
	rm -rf "$PLACE"
}

# make_image DIR: some programs of this machine, the libraries that they need, and the
# shim as it is installed.
make_image() {
	local program file

	mkdir -p "$1"/{bin,etc,proc,dev,sys,run,tmp,var/tmp}
	chmod 1777 "$1/tmp" "$1/var/tmp"
	for program in bash sh cat env id kill grep ls mkdir rm sleep true; do
		file=$(type -P "$program")
		cp -L "$file" "$1/bin/$program"
		ldd "$file" | grep -o '/[^ ]*' || :
	done | sort -u | while read -r file; do
		mkdir -p "$1${file%/*}"
		cp -L "$file" "$1$file"
	done
	echo root:x:0:0::/:/bin/sh >"$1/etc/passwd"
	# Installed where it will be: it knows its helper by the full path.
	mkdir -p "$PLACE/installed"
	(cd "$PRIVTMP_BUILD" && make install DESTDIR="$PLACE/installed") || return
	[[ -e $PLACE/installed$LIBRARY ]] ||
		{ echo "built for another place than /usr/local" && return 1; }
	cp -a "$PLACE/installed/." "$1/"
	chmod -R go+rX "$PLACE/image"
}

# engine [OPTION]... COMMAND [ARG]...: in a new container on the image, which it leaves as
# it is. What the engine keeps is in PLACE (by a short name, it insists), its mounts are in a
# namespace of their own; it wants one kind of control groups, and is told not to use them. It
# gives the null device, as a container's standard input, to the container's user: one of its
# own.
engine() {
	local options=(--cgroups=disabled --network none --log-driver none
		--ulimit nofile=1024:1024 --ulimit nproc=4096:4096)

	while [[ ${1:-} == -* ]]; do
		options+=("$1")
		shift
	done
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -c \
		'umount -R -l /sys/fs/cgroup 2>/dev/null
		mount -t cgroup2 none /sys/fs/cgroup && mount --bind "$1" /mnt &&
			mount -t tmpfs none /run && mknod -m 666 /run/null c 1 3 &&
			mount --bind /run/null /dev/null || exit 99
		shift
		exec timeout 60 "$@"' sh "$PLACE" \
		podman --root /mnt/storage --runroot /mnt/run --tmpdir /mnt/tmp \
		--storage-driver vfs --cgroup-manager cgroupfs --events-backend none \
		--runtime crun run --rm "${options[@]}" --rootfs "/mnt/${IMAGE:-image}:O" "$@" 3>&-
}

# private [OPTION]...: the shim does its work in such a container: preloaded by the image's
# environment, as its first process and below another, and by the launcher.
private() {
	run -0 engine "$@" --env=LD_PRELOAD="$LIBRARY" sh -c "$USES"
	assert_output "$ALL"
	# What dies below another is cleaned up behind it.
	run -1 engine "$@" bash -c "{ LD_PRELOAD=$LIBRARY bash -c '$USES; kill -KILL \$\$'; } 2>/dev/null
		for i in {1..100}; do
			[[ -n \$(ls -A /tmp /var/tmp | grep privtmp) ]] 2>/dev/null || break
			sleep 0.1
		done; echo left:; ls -A /tmp /var/tmp /dev/shm 2>/dev/null | grep privtmp"
	assert_output "$ALL"$'\nleft:'
	run -1 engine "$@" sh -c "privtmp run -- sh -c '$USES'
		ls -A /tmp /var/tmp /dev/shm 2>/dev/null | grep privtmp"
	assert_output "$ALL"
}

@test "without the shim, a container's programs share its /tmp" {
	run -0 engine sh -c "sh -c '$USES'; ls /tmp"
	assert_output "$ALL"$'\na'
}

@test "the engine has its filter, and few capabilities" {
	run -0 engine cat /proc/self/status
	assert_line --regexp '^Seccomp:.2$'
}

@test "a container with the defaults: /tmp on its overlay, as root" {
	private
}

@test "a container without memory's own file system" {
	private --ipc=none
}

@test "a container as a user" {
	private --user=1234:1234
}

@test "a container without new privileges" {
	private --security-opt=no-new-privileges
	private --security-opt=no-new-privileges --user=1234:1234
}

@test "a container without any capability" {
	private --cap-drop=all
}

@test "a read-only root with a tmpfs on /tmp" {
	private --read-only --tmpfs=/tmp:mode=1777 --tmpfs=/var/tmp:mode=1777
	private --read-only --tmpfs=/tmp:mode=1777 --tmpfs=/var/tmp:mode=1777 --user=1234:1234
}

@test "a user namespace in which root is someone else" {
	IMAGE=mapped
	cp -a "$PLACE/image" "$PLACE/$IMAGE"
	chown -R 200000:200000 "$PLACE/$IMAGE"
	run -0 engine --uidmap=0:200000:65536 --gidmap=0:200000:65536 cat /proc/self/uid_map
	assert_line --regexp '^ +0 +200000 '
	private --uidmap=0:200000:65536 --gidmap=0:200000:65536
	private --uidmap=0:200000:65536 --gidmap=0:200000:65536 --user=1234:1234
}

@test "a read-only root without a /tmp that can be written: nothing in silence" {
	run engine --read-only --read-only-tmpfs=false --env=LD_PRELOAD="$LIBRARY" \
		sh -c 'echo x >/tmp/a'
	[[ $status -ne 0 ]]
	assert_output --partial privtmp
}

@test "the filter of an old engine: EPERM to all that it does not know" {
	command -v jq >/dev/null || skip "needs jq"
	local profile=/usr/share/containers/seccomp.json

	[[ -e $profile ]] || skip "needs the engine's filter"
	# shellcheck disable=SC2016 # jq's own
	jq '.defaultAction = "SCMP_ACT_ERRNO" | .defaultErrnoRet = 1 | .defaultErrno = "EPERM" |
		.syscalls |= map(.names -= ["statx", "getrandom", "renameat2", "faccessat2",
			"openat2", "close_range", "clone3", "copy_file_range", "rseq",
			"memfd_create", "pidfd_open", "pidfd_send_signal"])' \
		"$profile" >"$PLACE/old.json"
	# shellcheck disable=SC2016 # expanded in the container
	SCRIPT='echo x >/tmp/a; bash -c "read -r a </tmp/a; echo \$a"; cd /tmp; echo *'
	# Newer programs of the machine fail there by themselves; builtins do not.
	run -0 engine --security-opt=seccomp="$PLACE/old.json" --env=LD_PRELOAD="$LIBRARY" \
		bash -c "$SCRIPT"
	assert_output $'x\na'
	run -0 engine --security-opt=seccomp="$PLACE/old.json" privtmp run -- bash -c "$SCRIPT"
	assert_output $'x\na'
}

@test "containers that share a /tmp do not see each other's files, nor leave any" {
	local first

	mkdir -m 1777 "$PLACE/shared"
	chmod 1777 "$PLACE/shared"
	engine --volume="$PLACE/shared:/tmp" --env=LD_PRELOAD="$LIBRARY" \
		sh -c 'echo first >/tmp/a; sleep 3; cat /tmp/a' >"$PLACE/first" 2>&1 &
	first=$!
	wait_until 10 compgen -G "$PLACE/shared/.privtmp-*"
	run -0 engine --volume="$PLACE/shared:/tmp" --env=LD_PRELOAD="$LIBRARY" --user=1234:1234 \
		sh -c 'cat /tmp/a 2>/dev/null || echo none; echo second >/tmp/a; cat /tmp/a'
	assert_output $'none\nsecond'
	# Neither does one of them sweep away what is another's.
	engine --volume="$PLACE/shared:/tmp" privtmp sweep --all
	wait "$first"
	[[ $(<"$PLACE/first") == first ]]
	[[ -z $(ls -A "$PLACE/shared") ]]
}

# by_mounts [OPTION]...: a static program has a private /tmp in such a container, and mixes
# with dynamic ones; or one line says what is in the way.
by_mounts() {
	local said="statically linked: no library can be loaded into it; and the mount door does not open"

	${CC:-cc} -static -o "$PLACE/image/static" "$PRIVTMP_SOURCE/tests/progs/door.c" 2>/dev/null ||
		skip "the compiler makes no static programs here"
	chmod a+rx "$PLACE/image/static"
	run engine "$@" sh -c 'privtmp run -- /static run sh -c "echo x >/tmp/a; /static get /tmp/a; /static put /var/tmp/b y; cat /var/tmp/b"
		echo "$?"; ls -A /tmp /var/tmp'
	[[ $output == $'x\ny0\n/tmp:\n\n/var/tmp:' || $output == *"$said"* ]] || fail "$output"
}

@test "a static program in a container with the defaults, as root and as a user" {
	by_mounts
	by_mounts --user=1234:1234
}

@test "a static program in a container without a filter: capabilities are what they were" {
	local bare

	by_mounts --security-opt=seccomp=unconfined
	assert_output --partial $'x\ny0'
	run -0 engine --security-opt=seccomp=unconfined sh -c \
		'while read -r l; do case $l in Cap*) echo "$l" ;; esac; done </proc/self/status'
	bare=$output
	run -0 engine --security-opt=seccomp=unconfined privtmp run -- /static run sh -c \
		'while read -r l; do case $l in Cap*) echo "$l" ;; esac; done </proc/self/status'
	assert_output "$bare"
	by_mounts --security-opt=seccomp=unconfined --user=1234:1234
	assert_output --partial $'x\ny0'
}
