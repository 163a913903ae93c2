#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Where the lease can lie: a session lives as long as its members, whatever file system
# /tmp is on. On an overlay, which is every container's default, a mapping does not hold
# a file's lock.

load common

# on PLACE COMMAND [ARG]...: run COMMAND where /tmp and /var/tmp are such a place, and
# fail if a session is left in them or in /dev/shm.
on() {
	local place=$1

	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private bash -c '
		overlay() {
			mkdir -m 1777 "$2"/{l,u,w} &&
				mount -t overlay -o "lowerdir=$2/l,upperdir=$2/u,workdir=$2/w" over "$1"
		}
		shm() { mount -t tmpfs -o "$1" shm /dev/shm; }
		place=$1 scratch=$2
		mount -t tmpfs -o mode=755 scratch "$scratch" && mkdir "$scratch"/{a,b} || exit 99
		case $place in
		tmpfs) mount -t tmpfs -o mode=1777 a /tmp && mount -t tmpfs -o mode=1777 b /var/tmp ;;
		disk) mkdir -p "$3" && chmod 1777 "$3" && mount --bind "$3" /tmp && mount --bind "$3" /var/tmp ;;
		overlay*) overlay /tmp "$scratch/a" && overlay /var/tmp "$scratch/b" ;;
		fuse) chmod 1777 "$scratch"/{a,b} && bindfs -o allow_other "$scratch/a" /tmp &&
			bindfs -o allow_other "$scratch/b" /var/tmp ;;
		esac || exit 99
		case $place in
		overlay) shm mode=1777 ;;
		overlay-alone) shm ro,mode=755 && { [ ! -d /run/user ] || mount -t tmpfs none /run/user; } ;;
		*) shm mode=1777 ;;
		esac || exit 99
		shift 3
		"$@"
		status=$?
		for ((i = 0; i < 50; i++)); do
			left=$(find /tmp /var/tmp /dev/shm -name ".privtmp-*" 2>/dev/null)
			[ -n "$left" ] || break
			sleep 0.2
		done
		[ "$place" != fuse ] || umount -l /tmp /var/tmp # whose daemons would stay
		[ -n "$left" ] || exit "$status"
		echo "left: $left"
		exit 98' bash "$place" "$(mktemp -d "$BATS_TEST_TMPDIR/scratch.XXXXXX")" \
		"$PRIVTMP_BUILD/tests/tmp/disk.$$.$BATS_TEST_NUMBER" "$@"
}

need() { # PLACE
	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount"
	on "$1" true 2>/dev/null || skip "needs such a mount: $1"
}

teardown() {
	rmdir "$PRIVTMP_BUILD"/tests/tmp/{disk.$$."$BATS_TEST_NUMBER",sticky.$$} 2>/dev/null || :
}

# A shell that writes, and reads again later: itself, by a child, and by one that it
# has left alone.
# shellcheck disable=SC2016 # expanded by the inner shell
SCRIPT='echo a >/tmp/a; echo v >/var/tmp/v; sleep 0.3
	cat /tmp/a; bash -c "sleep 0.2; cat /var/tmp/v; exec cat /tmp/a"
	(sleep 0.3; cat /tmp/a) & wait; ls -A /tmp'
ALL=$'a\nv\na\na\na'

lives() { # PLACE
	need "$1"
	run -0 on "$1" env LD_PRELOAD="$SHIM" bash -c "$SCRIPT"
	assert_output "$ALL"
	run -0 on "$1" "$PRIVTMP" run -- bash -c "$SCRIPT"
	assert_output "$ALL"
	# However it dies.
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -137 on "$1" env LD_PRELOAD="$SHIM" bash -c \
		'echo a >/tmp/a; echo v >/var/tmp/v; kill -KILL $$'
}

@test "without the shim, what one program writes is there for the next" {
	need overlay
	run -0 on overlay sh -c 'echo a >/tmp/a; cat /tmp/a'
	assert_output a
}

@test "a session on a tmpfs lives as long as its members" { lives tmpfs; }

@test "a session on a disk lives as long as its members" { lives disk; }

@test "a session on an overlay does, too: its lease lies in memory" {
	lives overlay
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on overlay env LD_PRELOAD="$SHIM" bash -c 'echo a >/tmp/a
		ls -d /dev/shm/.privtmp-*/lease; ls -l /proc/$$/fd | grep -c "\.privtmp-" || :'
	assert_line --regexp '^/dev/shm/\.privtmp-[0-9A-Za-z]{22}/lease$'
	assert_line 0
}

@test "a /var/tmp that is full, or cannot be written to any more, is still there for a child" {
	local weather

	need tmpfs
	for weather in size=4k ro; do
		# shellcheck disable=SC2016 # expanded by the inner shell
		run -0 on tmpfs env LD_PRELOAD="$SHIM" sh -c '>/var/tmp/v; >/tmp/a
			PRIVTMP_MODE=off mount -o "remount,$0" /var/tmp
			(cd /var/tmp && ls -A); ls /var/tmp/v
			PRIVTMP_MODE=off mount -o remount,rw /var/tmp; rm /var/tmp/v' $weather
		assert_output $'v\n/var/tmp/v'
	done
}

@test "nor does one stay where a file system keeps what is open: on FUSE, as on NFS" {
	command -v bindfs >/dev/null || skip "needs bindfs"
	lives fuse
	# A file that is open at the end keeps its directory for a moment.
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on fuse env LD_PRELOAD="$SHIM" bash -c 'mkdir -p /tmp/d/e; exec 7>/tmp/d/e/open
		echo a >/tmp/d/e/f'
	assert_output ""
}

@test "where nothing else holds the lock, a descriptor does, out of the way" {
	lives overlay-alone
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on overlay-alone env LD_PRELOAD="$SHIM" bash -c 'echo a >/tmp/a
		cd /proc/$$/fd; for fd in *; do case $(readlink $fd) in */lease) echo $fd; esac; done'
	((output >= 200))
}

@test "a lease that was closed, and is found by its name, is held by whatever number it gets" {
	need overlay-alone
	# That of the closed one, too, which the variable still says.
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on overlay-alone bash -c '
		coproc LD_PRELOAD=$1 bash -c "echo a >/tmp/a; echo ready; read -r _"
		read -r -u "${COPROC[0]}" ready
		env LD_PRELOAD="$1" PRIVTMP_SESSION="200:0:0:$(echo /tmp/.privtmp-*)" bash -c "
			cat /tmp/a; cd /proc/\$\$/fd
			for fd in *; do case \$(readlink \$fd) in */lease) echo \$fd; esac; done"
		echo >&"${COPROC[1]}"; wait' bash "$SHIM"
	assert_line --index 0 a
	assert_line --index 1 200
}

@test "a session on an overlay is left alone by a sweep, and named by a list" {
	need overlay
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on overlay env LD_PRELOAD="$SHIM" sh -c 'echo a >/tmp/a
		"$0" sweep; "$0" list; cat /tmp/a' "$PRIVTMP"
	assert_line --regexp 'live +[12] '
	assert_line a
}

@test "where flock(2) is refused, another lock says who is alive" {
	command -v strace >/dev/null || skip "needs strace"
	strace -o /dev/null true 2>/dev/null || skip "nothing may be traced here"
	need tmpfs
	for error in EOPNOTSUPP ENOSYS EPERM; do
		run -0 on tmpfs strace -f -qq -o /dev/null -e "inject=flock:error=$error" \
			-E LD_PRELOAD="$SHIM" bash -c "$SCRIPT"
		assert_output "$ALL"
	done
	# Others may have locks then, so it is refused.
	run on tmpfs strace -f -qq -o /dev/null -e inject=flock:error=ENOLCK \
		-E LD_PRELOAD="$SHIM" sh -c 'echo a >/tmp/a'
	assert_output --partial "No locks available (37); set PRIVTMP_ROOT to a file system that has locks"
}

# There "/" and /tmp belong to the overflow user, as everything does whose owner the
# namespace does not know.
@test "in a user namespace without root the system's directories are believed, no others" {
	local alone=(unshare --user --map-current-user) dir=$PRIVTMP_BUILD/tests/tmp/sticky.$$

	need_users
	as_user "${alone[@]}" true 2>/dev/null || skip "needs user namespaces"
	run -0 as_user "${alone[@]}" stat -c %u / /tmp
	assert_output $'65534\n65534'
	run -0 as_user "${alone[@]}" env LD_PRELOAD="$SHIM" sh -c 'echo x >/tmp/a && ls /tmp'
	assert_output a
	assert_no_session

	# It could be anybody's.
	mkdir -m 1777 "$dir"
	run -0 as_user env LD_PRELOAD="$SHIM" PRIVTMP_ROOT="$dir" sh -c 'echo x >/tmp/a && ls /tmp'
	assert_output a
	run ! as_user "${alone[@]}" env LD_PRELOAD="$SHIM" PRIVTMP_ROOT="$dir" \
		sh -c 'echo x >/tmp/a'
	assert_output --partial 'Operation not permitted'
	[[ ! -e /tmp/a ]]
}

# Whoever is unknown to it is not root, then.
@test "in a user namespace with a root of its own, not even these" {
	local mapped=(unshare --user --map-root-user)

	need_users
	as_user "${mapped[@]}" true 2>/dev/null || skip "needs user namespaces"
	run -0 as_user "${mapped[@]}" stat -c %u / /tmp
	assert_output $'65534\n65534'
	run ! as_user "${mapped[@]}" env LD_PRELOAD="$SHIM" sh -c 'echo x >/tmp/a'
	assert_output --partial 'no private directory can be made here: Operation not permitted'
	[[ ! -e /tmp/a ]]
}

# As in a chroot: nothing tells the name of a directory that is open.
@test "without procfs, a link below an open directory leads to the private one" {
	unshare --mount true 2>/dev/null || skip "needs root, for a mount namespace"
	cat >"$BATS_TEST_TMPDIR/links.py" <<-'END'
		import os
		os.mkdir("/tmp/d")
		d = os.open("/tmp/d", os.O_DIRECTORY)
		os.symlink("/tmp/by-link", "/tmp/d/link")
		for name in "link", "../by-parent", "../../tmp/by-top", "../../../tmp/by-root":
		    os.close(os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=d))
		print(sorted(os.listdir("/tmp")))
	END
	# shellcheck disable=SC2016 # the inner shell's
	run -0 unshare --mount --propagation private sh -c '
		mount -t tmpfs -o mode=1777 tmp /tmp && mount -t tmpfs none /proc || exit 99
		LD_PRELOAD=$SHIM python3 "$1" && [ -z "$(ls -A /tmp)" ]' sh "$BATS_TEST_TMPDIR/links.py"
	assert_output "['by-link', 'by-parent', 'by-root', 'by-top', 'd']"
}

# Those are forged by root here, by a tmpfs; FUSE lets others do the same.
@test "a file system of another user's, mounted where an ended session's root was, is not joined" {
	need tmpfs
	need_users
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on tmpfs bash -c '
		as() { setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"; }
		joins() { # into the session that a variable names, which has a member
			exec 9<"$root/lease"
			flock -s 9
			as "$2" env LD_PRELOAD="$1" PRIVTMP_SESSION="-:0:0:$root" bash -c "
				cat /tmp/x 2>/dev/null || echo none; [ -z \"$3\" ] || \"$3\" run -- cat /tmp/x" 9<&-
			exec 9<&-
		}
		coproc as "$2" env LD_PRELOAD="$1" bash -c "echo planted >/tmp/x; echo ready; read -r _"
		read -r -u "${COPROC[0]}" ready
		root=$(echo /tmp/.privtmp-*)
		cp -a "$root" /var/tmp/copy
		echo >&"${COPROC[1]}"
		wait
		cp -a /var/tmp/copy "$root"
		joins "$1" "$2" ""
		rm -rf "$root"
		as "$3" mkdir "$root"
		mount -t tmpfs -o "mode=700,uid=$2,gid=$2" lies "$root"
		cp -a /var/tmp/copy/. "$root"
		joins "$1" "$2" "$4"
		umount "$root"
		rm -r "$root" /var/tmp/copy' bash "$SHIM" "$TEST_UID" "$OTHER_UID" "$PRIVTMP" 2>&1
	assert_line --index 0 planted
	assert_line --index 1 none
	refute_line --index 2 planted
	assert_output --partial "No such file"
}

@test "nor are roots made on the way through one" {
	command -v bindfs >/dev/null || skip "needs bindfs"
	need tmpfs
	need_users
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on tmpfs bash -c '
		starts() {
			setpriv --reuid "$2" --regid "$2" --clear-groups env LD_PRELOAD="$1" \
				PRIVTMP_ROOT=/var/tmp/in/roots sh -c "echo a >/tmp/a && cat /tmp/a"
		}
		mkdir -p /var/tmp/in/roots
		chmod 1777 /var/tmp/in/roots
		starts "$1" "$2"
		mv /var/tmp/in /var/tmp/lies
		setpriv --reuid "$3" --regid "$3" --clear-groups mkdir /var/tmp/in
		bindfs -o allow_other --force-user=root --force-group=root /var/tmp/lies /var/tmp/in ||
			exit 97
		! starts "$1" "$2"
		status=$?
		umount -l /var/tmp/in
		exit "$status"' bash "$SHIM" "$TEST_UID" "$OTHER_UID"
	assert_line --index 0 a
	assert_line --index 1 --partial "/var/tmp/in/roots"
	refute_line --index 2 a
}

@test "nor is a TMPDIR one's own because such a file system says so" {
	command -v bindfs >/dev/null || skip "needs bindfs"
	need tmpfs
	need_users
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on tmpfs bash -c '
		writes() { # FILE [VARIABLE]
			setpriv --reuid "$user" --regid "$user" --clear-groups env TMPDIR=/mnt/me "${@:2}" \
				sh -c "echo secret >\$TMPDIR/$1"
		}
		user=$2
		mount -t tmpfs -o mode=1777 other /mnt
		mkdir /mnt/theirs /mnt/me
		bindfs -o allow_other --force-user="$2" --perms=0700 /mnt/theirs /mnt/me || exit 97
		writes bare
		writes shimmed LD_PRELOAD="$1"
		ls /mnt/theirs
		umount -l /mnt/me
		# Where nobody else could have mounted it, it can be anything.
		mount -t tmpfs -o mode=700,uid="$2" own /mnt/me
		writes own LD_PRELOAD="$1"
		ls /mnt/me
		umount /mnt/me' bash "$SHIM" "$TEST_UID"
	assert_line --index 0 --partial "privtmp: /mnt/me: no private directory can be made here: "
	assert_line --index 1 --partial "cannot create /mnt/me/shimmed"
	assert_line --index 2 bare
	assert_line --index 3 own
	assert_equal "${#lines[@]}" 4
}

@test "nor is a directory below /tmp, in which a program has started, when it was removed" {
	command -v bindfs >/dev/null || skip "needs bindfs"
	need tmpfs
	need_users
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 on tmpfs bash -c '
		as() { setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"; }
		says_mine() { bindfs -o allow_other --force-user="$user" --perms=0700 /mnt /tmp/own; }
		user=$2 other=$3
		mount -t tmpfs -o mode=1777 other /mnt
		mkfifo -m 666 /var/tmp/go
		for how in "" "LD_PRELOAD=$1"; do
			as "$user" mkdir -m 700 /tmp/own
			(cd /tmp/own && exec setpriv --reuid "$user" --regid "$user" --clear-groups env $how PRIVTMP_GUARD=:/tmp \
				sh -c "echo own >/tmp/own/x; read -r _ </var/tmp/go
					echo secret >/tmp/own/\${LD_PRELOAD:+shimmed-}file" 2>&1) &
			for ((i = 0; i < 100; i++)); do [ ! -e /tmp/own/x ] || break; sleep 0.1; done
			cat /tmp/own/x
			rm -r /tmp/own
			as "$other" mkdir /tmp/own
			says_mine || exit 97
			echo >/var/tmp/go
			wait "$!"
			# Nor does one start there.
			[ -z "$how" ] || (cd /tmp/own && exec setpriv --reuid "$user" --regid "$user" --clear-groups \
				env $how sh -c "echo secret >/tmp/own/started" 2>&1)
			ls -A /mnt
			umount -l /tmp/own
			rmdir /tmp/own
		done' bash "$SHIM" "$TEST_UID" "$OTHER_UID"
	assert_line --index 0 own
	assert_line --index 1 file
	assert_line --index 2 own
	assert_line --index 3 --partial "/tmp/own/shimmed-file"
	assert_output --partial "others can write to the working directory"
	refute_line "shimmed-file"
	refute_line "started"
}
