# SPDX-License-Identifier: LGPL-2.1-or-later
# Other roots and mount namespaces: wherever a program goes, its /tmp there is
# private or fails; it is never the one that is shared there, in silence.

load ../common

setup() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, for chroot and mounts"
	unshare --mount true 2>/dev/null || skip "needs a mount namespace"
	export STEPS=$PROGS/id_steps
	JAIL=$(scratch)
	chmod 755 "$JAIL"
	OTHER=
}

teardown() {
	[[ -z $OTHER ]] || kill -KILL "$OTHER" 2>/dev/null || :
}

tmp_in_jail() {
	mkdir "$JAIL/tmp"
	chmod 1777 "$JAIL/tmp"
}

# nothing_in DIR: DIR holds no file and, soon, no session.
nothing_in() {
	wait_until 3 is_empty "$1" || fail "$(find "$1")"
}

is_empty() { [[ -z $(find "$1" -mindepth 1) ]]; }

@test "without the shim, a file in a new root's /tmp is there for all to see" {
	tmp_in_jail
	run -0 "$STEPS" root:"$JAIL" make:/tmp/x
	[[ -e $JAIL/tmp/x ]]
}

@test "in a new root, /tmp is private and leaves nothing" {
	tmp_in_jail
	echo planted >"$JAIL/tmp/x"
	run -0 shimmed "$STEPS" root:"$JAIL" make:/tmp/x read:/tmp/x
	assert_line "make:/tmp/x ok"
	run -0 cat "$JAIL/tmp/x"
	assert_output planted
	rm "$JAIL/tmp/x"
	nothing_in "$JAIL/tmp"
	assert_no_session
}

@test "a session from before ends with the process, and is not seen inside" {
	tmp_in_jail
	run -0 shimmed "$STEPS" make:/tmp/x root:"$JAIL" gone:/tmp/x make:/tmp/x
	assert_line "gone:/tmp/x ok"
	nothing_in "$JAIL/tmp"
	assert_no_session
}

@test "a program that is killed in a new root leaves nothing there" {
	tmp_in_jail
	mkfifo "$BATS_TEST_TMPDIR/go"
	exec {GO}<>"$BATS_TEST_TMPDIR/go"
	env LD_PRELOAD="$SHIM" "$STEPS" make:/tmp/x root:"$JAIL" make:/tmp/y \
		say:ready <&"$GO" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- {GO}>&- &
	OTHER=$!
	disown
	wait_until 10 grep -q ^ready "$BATS_TEST_TMPDIR/log"
	[[ -n $(find "$JAIL/tmp" -name y) ]]
	kill -KILL "$OTHER"
	wait_until 3 is_empty "$JAIL/tmp" || fail "$(find "$JAIL")"
	assert_no_session
}

@test "a daemon that drops in a new root goes on using its /tmp" {
	need_users
	tmp_in_jail
	run -0 shimmed "$STEPS" root:"$JAIL" make:/tmp/x setuid:"$TEST_UID" \
		read:/tmp/x make:/tmp/y
	nothing_in "$JAIL/tmp"
	assert_no_session
}

@test "a root that lies in a guarded directory is private twice" {
	run -0 shimmed "$STEPS" make:/tmp/x mkdir:/tmp/jail mkdir:/tmp/jail/tmp \
		root:/tmp/jail gone:/tmp/x make:/tmp/x gone:/tmp/jail list:/
	assert_line tmp
	assert_no_session
}

@test "a program that comes out of such a root finds its old /tmp again" {
	run -0 shimmed "$STEPS" make:/tmp/x mkdir:/tmp/jail mkdir:/tmp/jail/tmp keep \
		root:/tmp/jail make:/tmp/inner out read:/tmp/x gone:/tmp/inner \
		make:/tmp/y list:/tmp/jail/tmp
	refute_line inner
	assert_no_session
	tmp_in_jail
	run -0 shimmed "$STEPS" make:/tmp/x keep root:"$JAIL" make:/tmp/inner out \
		read:/tmp/x gone:/tmp/inner make:/tmp/y
	nothing_in "$JAIL/tmp"
	assert_no_session
}

@test "a root without /tmp fails as it does without us, until there is one" {
	run -1 "$STEPS" root:"$JAIL" make:/tmp/x list:/tmp mkdir:/tmp make:/tmp/x \
		list:/tmp
	real=$output
	rm -r "$JAIL/tmp"
	run -1 shimmed "$STEPS" root:"$JAIL" make:/tmp/x list:/tmp mkdir:/tmp make:/tmp/x \
		list:/tmp
	assert_output "$real"
	nothing_in "$JAIL/tmp"
	assert_no_session
}

@test "a child in a root that had no /tmp cannot harm its parent's" {
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 shimmed "$STEPS" root:"$JAIL" gone:/tmp/x mkdir:/tmp make:/tmp/x \
		fork read:/tmp/x remove:/tmp/x
	nothing_in "$JAIL/tmp"
}

# What a root program executes must not be what a root holds that others fill.
@test "no helper is executed from inside a new root" {
	local dir=$JAIL${REAPER%/*}

	tmp_in_jail
	mkdir -p "$dir" "$JAIL"/{bin,usr,lib,lib64}
	printf '#!/bin/sh\necho executed >/marker\n' >"$JAIL$REAPER"
	chmod 755 "$JAIL$REAPER"
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 unshare --mount --propagation private sh -c '
		jail=$1
		shift
		for dir in bin usr lib lib64; do
			[ ! -d "/$dir" ] || mount --rbind "/$dir" "$jail/$dir" || exit 99
		done
		chroot "$jail" /bin/sh "$REAPER" && rm "$jail/marker" || exit 98
		LD_PRELOAD=$SHIM exec "$@"' sh "$JAIL" \
		"$STEPS" root:"$JAIL" make:/tmp/x
	sleep 0.2
	[[ ! -e $JAIL/marker ]]
	nothing_in "$JAIL/tmp"
}

# -- Mount namespaces ------------------------------------------------------------------

@test "in a mount namespace of its own, a program keeps its session" {
	run -0 shimmed "$STEPS" make:/tmp/x unshare read:/tmp/x make:/tmp/y
	assert_no_session
	run -0 shimmed "$STEPS" unshare make:/tmp/x read:/tmp/x
	assert_no_session
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 shimmed sh -c 'echo x >/tmp/a; unshare --mount cat /tmp/a'
	assert_output x
	assert_no_session
}

@test "what it mounts on /tmp there is what it then sees" {
	run -0 shimmed "$STEPS" make:/tmp/x unshare tmpfs:/tmp gone:/tmp/x make:/tmp/y \
		list:/tmp
	assert_line y
	assert_no_session
}

@test "a user namespace of its own does not keep a program from its session" {
	need_users
	as_user unshare --user --map-root-user true 2>/dev/null ||
		skip "needs user namespaces"
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 as_user env LD_PRELOAD="$SHIM" unshare --user --map-root-user --mount \
		sh -c 'echo x >/tmp/a; cat /tmp/a'
	assert_output x
	assert_no_session
}

@test "nor does that keep one from further guarded directories, with an exec or without" {
	need_users
	as_user unshare --user --map-root-user true 2>/dev/null ||
		skip "needs user namespaces"
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 as_user env LD_PRELOAD="$SHIM" unshare --user --map-root-user \
		sh -c 'echo x >/var/tmp/a; cat /var/tmp/a'
	assert_output x
	assert_no_session
	local step

	for step in newuser 'by-number newuser' clone:2 clone:3; do
		# shellcheck disable=SC2086 # one or two steps
		run -0 as_user env LD_PRELOAD="$SHIM" "$STEPS" make:/tmp/x $step \
			make:/var/tmp/x link:/tmp/l list:/var/tmp
		assert_line x
		refute_output --partial privtmp:
		assert_no_session
	done
}

# enter_other: OTHER becomes a process in another mount namespace, in which /tmp is
# another.
enter_other() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -c '
		mount -t tmpfs -o mode=1777 other /tmp && echo planted >/tmp/x &&
		echo ready && exec sleep 60' >"$BATS_TEST_TMPDIR/ready" 3>&- &
	OTHER=$!
	disown
	wait_until 10 grep -q ready "$BATS_TEST_TMPDIR/ready"
}

in_other() { nsenter --target "$OTHER" --mount "$@"; }

@test "without the shim, setns leads to what others planted in that /tmp" {
	enter_other
	run -0 "$STEPS" setns:"/proc/$OTHER/ns/mnt" read:/tmp/x
	assert_line planted
}

@test "after setns, /tmp is private in that namespace, and leaves nothing" {
	local number

	enter_other
	for number in '' by-number; do
		run -0 shimmed "$STEPS" make:/tmp/a $number setns:"/proc/$OTHER/ns/mnt" \
			gone:/tmp/a gone:/tmp/x make:/tmp/x
	done
	assert_no_session
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 in_other sh -c 'for i in $(seq 100); do
		[ -n "$(find /tmp -name ".privtmp-*" 2>/dev/null)" ] || break; sleep 0.2; done
		find /tmp -mindepth 1; cat /tmp/x'
	assert_output "/tmp/x
planted"
}

@test "nsenter takes a program there with a session of that namespace" {
	enter_other
	run -0 shimmed nsenter --target "$OTHER" --mount "$STEPS" gone:/tmp/x make:/tmp/x
	run -0 in_other cat /tmp/x
	assert_output planted
}

@test "after pivot_root, /tmp is private in the new root" {
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 unshare --mount --propagation private sh -c '
		mount -t tmpfs -o mode=755 new "$1" && mkdir -m 1777 "$1/tmp" || exit 99
		echo planted >"$1/tmp/x"
		LD_PRELOAD=$SHIM exec "$STEPS" make:/tmp/a pivot:"$1" gone:/tmp/a \
			gone:/tmp/x make:/tmp/x' sh "$JAIL"
	assert_no_session
}

@test "after pivot_root by number, guarded calls fail" {
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -1 unshare --mount --propagation private sh -c '
		mount -t tmpfs -o mode=755 new "$1" && mkdir -m 1777 "$1/tmp" || exit 99
		echo planted >"$1/tmp/x"
		LD_PRELOAD=$SHIM exec "$STEPS" make:/tmp/a by-number pivot:"$1" \
			read:/tmp/x make:/tmp/y' sh "$JAIL"
	assert_line 'read:/tmp/x ENOENT'
	assert_line 'make:/tmp/y ENOENT'
	"$PRIVTMP" sweep
	assert_no_session
}

@test "a sandbox is made in a session without a word, and has the session's /tmp" {
	local as

	need_users
	command -v bwrap >/dev/null || skip 'needs bwrap'
	for as in '' as_user; do
		$as bwrap --bind / / --dev /dev true || skip 'bwrap makes no sandbox here'
		# shellcheck disable=SC2016 # for that shell
		run -0 $as env LD_PRELOAD="$SHIM" sh -c \
			'echo x >/tmp/f; bwrap --bind / / --dev /dev --proc /proc cat /tmp/f'
		assert_output x
	done
	assert_no_session
}
