#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who keeps a session alive behind the mount door: its helper, once for all programs. Nobody
# loses files when that is killed.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # bats: subshells, and its variables

load common
load run
load door

setup() {
	NAME=privtmp-keeper-$$-$RANDOM
	LOG=$BATS_TEST_TMPDIR/log
	STRANGE=''
	RUN=("$PRIVTMP" run)
	need_door
	not_nested_sanitizer
	make_static
	# A user of this test's own: others may have sessions meanwhile.
	TEST_UID=$((70000 + RANDOM % 20000 + BATS_TEST_NUMBER))
}

teardown() {
	pkill -KILL -u "$TEST_UID" || :
	as_user "$PRIVTMP" sweep >/dev/null || :
}

# keepers: their pids, whoever started them. What has ended, but is still init's, does not
# count.
keepers() {
	pgrep -u "$TEST_UID" -r RSDT -x privtmp-keeper
}

helpers() {
	pgrep -u "$TEST_UID" -r RSDT -x 'privtmp-[rk]e.*'
}

no_helpers() {
	! helpers
}

keepers_are() {
	[[ $(keepers | wc -l) -eq $1 ]]
}

name_is_free() { # of a socket
	! grep -q "@$1" /proc/net/unix
}

# Another one than PID is there.
another_helper() { # PID
	[[ $(helpers | grep -cvx "$1") -eq 1 ]]
}

sessions() {
	find /tmp /var/tmp -mindepth 1 -maxdepth 1 -name '.privtmp-*' -user "$TEST_UID"
}

no_sessions() {
	[[ -z $(sessions) ]]
}

sleeps() {
	pgrep -u "$TEST_UID" -x sleep >/dev/null
}

# The daemon is there, and has made its file.
daemon_is_there() {
	pgrep -u "$TEST_UID" -f "^$STATIC daemon" >/dev/null
}

no_daemon() {
	! daemon_is_there
}

# daemon [COMMAND]...: a static one, with nothing open, behind COMMAND; OUT is its sign.
start_daemon() {
	OUT=$(scratch)/out
	start as_user "$@" "$STATIC" daemon "/tmp/$NAME" "$OUT"
	wait_until 10 daemon_is_there
	sleep 0.2
}

# stop_daemon: it finds what it has written, and ends.
stop_daemon() {
	(umask 0; : >"$OUT")
	wait_until 10 test -s "$OUT"
	assert_equal "$(cat "$OUT")" 'still here'
	wait_until 5 no_daemon
}

# More than the instances of inotify that a user may have, as a rule.
@test "a session can have any number of namespaces, one after the other" {
	local helper

	start as_user "${RUN[@]}" sh -c "for i in \$(seq 160); do $STATIC run true || exit; done
		$STATIC run sleep 50; exec sleep 50"
	wait_until 60 sleeps
	wait_until 10 keepers_are 1
	helper=$(helpers)
	run -0 ls -l "/proc/$helper/fd"
	assert_output --partial inotify
	pkill -u "$TEST_UID" -x sleep
	wait_until 10 keepers_are 0
	run -0 ls -l "/proc/$helper/fd"
	refute_output --partial inotify
	kill "$PID"
}

@test "the helper is the one keeper of all programs of a session" {
	local first

	start as_user "${RUN[@]}" sh -c "$STATIC run sleep 50 & $STATIC run sleep 50 &
		sleep 0.3; $STATIC run $STATIC run sleep 50 & wait"
	wait_until 10 eval '[[ $(pgrep -u "$TEST_UID" -c -x -f "sleep 50") -eq 3 ]]'
	keepers_are 1
	first=$(keepers)
	[[ $(helpers) == "$first" ]]
	assert_equal "$(readlink "/proc/$first/fd/3")" "$(sessions | grep '^/tmp')"
	pkill -u "$TEST_UID" -x sleep
	ends "$PID" 0 5
	no_sessions
	no_helpers
}

@test "so it is where the library alone started the session, with a helper or without" {
	start as_user env LD_PRELOAD="$SHIM" sh -c "echo >/tmp/x; $STATIC run sleep 50"
	wait_until 10 keepers_are 1
	[[ $(helpers) == "$(keepers)" ]]
	pkill -u "$TEST_UID" -x sleep
	wait_until 5 gone "$PID"
	wait_until 5 no_sessions
	# Kept files need no helper, but these programs need a keeper.
	start as_user env PRIVTMP_KEEP=always LD_PRELOAD="$SHIM" sh -c "echo >/tmp/x
		$STATIC run sleep 50 & $STATIC run sleep 50"
	wait_until 10 keepers_are 1
	wait_until 10 eval '[[ $(pgrep -u "$TEST_UID" -c -x sleep) -eq 2 ]]'
	[[ $(helpers) == "$(keepers)" ]]
	pkill -u "$TEST_UID" -x sleep
	# sweep removes nothing under the shell, which may end after its keeper, nor under that
	# while it ends: it is a helper like another without its last program.
	wait_until 5 no_helpers
	wait_until 5 gone "$PID"
	as_user "$PRIVTMP" sweep --all >/dev/null
	no_sessions
}

@test "a first process that waits for nobody gets no zombie from a door" {
	# Where /proc/1 is "sleep", nobody waits for orphans.
	local script='mount -t proc proc /proc
		zombies() {
			for i in $(seq 100); do
				pgrep -u "$TEST_UID" -r RSDTt >/dev/null || break
				sleep 0.1
			done
			grep -l "^State:.Z" /proc/[0-9]*/status | xargs -r grep -h Name | sort -u
		}
		setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups sh -c '\''
			"$PRIVTMP" run "$STATIC" put /tmp/x y
			"$PRIVTMP" run sh -c "$STATIC put /tmp/x y; $STATIC put /tmp/z y"'\''
		zombies
		echo none
		setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
			env LD_PRELOAD="$SHIM" sh -c '\''
			"$STATIC" put /tmp/x y; "$STATIC" put /tmp/z y; "$STATIC" get /tmp/x; :'\''
		echo
		zombies'

	export STATIC TEST_UID
	unshare --pid --fork sleep 60 3>&- &
	STRANGE=$!
	wait_until 5 child_of "$STRANGE" sleep
	run -0 nsenter --pid="/proc/$(child_of "$STRANGE" sleep)/ns/pid" \
		unshare --mount --propagation private sh -c "$script"
	kill -KILL "$(child_of "$STRANGE" sleep)"
	# The library's session has a helper, which ends with it, and is nobody's child: on a busy
	# machine two, where a door waited for the first one in vain.
	assert_output $'none\ny\nName:\tprivtmp-reaper'
}

sleeps_below_run() { # sets RUNNER
	RUNNER=$(pgrep -u "$TEST_UID" -o -x privtmp) && child_of "$RUNNER" sleep
}

no_zombie_of() { # PID
	! pgrep -P "$1" -r Z >/dev/null
}

@test "the child that tried the door is waited for as soon as it has ended" {
	start as_user "$PRIVTMP" run --backend mount -- sleep 50
	wait_until 10 sleeps_below_run
	wait_until 5 no_zombie_of "$RUNNER"
	[[ $(pgrep -P "$RUNNER" -c) -eq 2 ]] # the command and the helper
	pkill -u "$TEST_UID" -x sleep
	ends "$PID" 143 5
}

@test "a killed keeper takes no files from a program that lives: another helper looks" {
	local killed

	start_daemon "${RUN[@]}"
	keepers_are 1
	killed=$(keepers)
	kill -KILL "$killed"
	wait_until 5 another_helper "$killed"
	sleep 0.5 # for it to make its mistake
	[[ -n $(sessions) ]]
	another_helper "$killed"
	stop_daemon
	ends "$PID" 0 5
	no_sessions
}

@test "so it is where only the library's members are left to notice" {
	local killed

	start_daemon env LD_PRELOAD="$SHIM" sh -c 'echo >/tmp/own; "$@"; read -r _ <"$0"; :' \
		"$(mkfifo -m 666 "$BATS_TEST_TMPDIR/go"; chmod 755 "$BATS_TEST_TMPDIR"
			echo "$BATS_TEST_TMPDIR/go")"
	keepers_are 1
	killed=$(keepers)
	kill -KILL "$killed"
	wait_until 5 keepers_are 0
	echo >"$BATS_TEST_TMPDIR/go"
	ends "$PID" 0 5
	wait_until 5 another_helper "$killed"
	sleep 0.5 # for it to make its mistake
	[[ -n $(sessions) ]]
	another_helper "$killed"
	stop_daemon
	wait_until 3 no_sessions
	no_helpers
}

@test "so it is where nobody was left to notice: sweep removes nothing before its time" {
	start_daemon env LD_PRELOAD="$SHIM" env
	ends "$PID" 0 5
	keepers_are 1
	kill -KILL "$(keepers)"
	run -0 as_user "$PRIVTMP" sweep
	run -0 "$PRIVTMP" sweep
	run -0 as_user "$PRIVTMP" sweep --all
	[[ -n $(sessions) ]]
	stop_daemon
	[[ -n $(sessions) ]]
	run -0 as_user "$PRIVTMP" sweep
	no_sessions
}

@test "mounts that a stranger makes of a root's name keep no session" {
	local name

	as_other unshare -Urm true 2>/dev/null || skip "needs unprivileged user namespaces"
	start_daemon env LD_PRELOAD="$SHIM" env
	ends "$PID" 0 5
	keepers_are 1
	kill -KILL "$(keepers)"
	stop_daemon
	name=$(sessions | sed -n 's,^/tmp/,,p')
	as_other unshare -Urm sh -c "mount -t tmpfs mine /mnt && mkdir '/mnt/$name' &&
		mount --bind '/mnt/$name' /mnt && echo ready; exec sleep 30" \
		>"$BATS_TEST_TMPDIR/theirs" 3>&- &
	STRANGE+=" $!"
	wait_until 5 grep -q ready "$BATS_TEST_TMPDIR/theirs"
	run -0 as_user "$PRIVTMP" sweep
	no_sessions
	pkill -KILL -u "$OTHER_UID" -x -f 'sleep 30' || :
}

@test "what has the name of the helper's socket, but is another user's, is not asked" {
	local name

	[[ -x /usr/bin/perl ]] || skip "needs perl"
	start as_user "${RUN[@]}" sh -c "echo >/tmp/x; read -r _ <$BATS_TEST_TMPDIR/go
		$STATIC put /tmp/y x; cat /tmp/y" \
		0<"$(mkfifo -m 666 "$BATS_TEST_TMPDIR/go"; chmod 755 "$BATS_TEST_TMPDIR"
			echo /dev/null)"
	wait_until 5 eval '[[ $(sessions | grep -c ^/tmp) -eq 1 ]]'
	name=$(sessions | sed -n 's,^/tmp/,,p')
	wait_until 5 grep -q "@$name" /proc/net/unix # it listens when it has come up
	# Who connects is let go at once, and the helper goes on.
	run -0 as_other /usr/bin/perl -MSocket -e '
		alarm 10;
		for (1 .. 50) {
			socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) || die;
			connect($s, pack_sockaddr_un("\0$ARGV[0]")) || die "connect: $!";
			# It hangs up at once.
			die "let in" if sysread($s, my $byte, 4);
		}' "$name"
	# In the place of a helper that was killed.
	kill -STOP "$PID"
	kill -KILL "$(helpers)"
	wait_until 5 name_is_free "$name"
	as_other /usr/bin/perl -MSocket -e '
		socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) || die;
		bind($s, pack_sockaddr_un("\0$ARGV[0]")) && listen($s, 16) || die;
		$| = 1;
		print "bound\n";
		while (accept(my $c, $s)) {
			push @all, $c;
		}' "$name" >"$BATS_TEST_TMPDIR/bound" 3>&- &
	STRANGE+=" $!"
	wait_until 5 grep -q bound "$BATS_TEST_TMPDIR/bound"
	echo >"$BATS_TEST_TMPDIR/go"
	wait_until 5 logged '^x$'
	kill -CONT "$PID"
	kill -KILL "$(pgrep -P "${STRANGE##* }" perl || echo "${STRANGE##* }")"
	ends "$PID" 0 10
	no_sessions
}

@test "whom the helper's user namespace does not know is no user of its own" {
	local map name

	[[ -x /usr/bin/perl ]] || skip "needs perl"
	as_user unshare -U true 2>/dev/null || skip "needs unprivileged user namespaces"
	# There a stranger has the number of nobody, as everyone has who is not known.
	for map in "" --map-user=65534; do
		start as_user unshare --user $map env LD_PRELOAD="$SHIM" \
			sh -c 'echo >/tmp/x && exec sleep 30'
		wait_until 5 eval '[[ $(sessions | grep -c ^/tmp) -eq 1 ]]'
		name=$(sessions | sed -n 's,^/tmp/,,p')
		wait_until 5 grep -q "@$name" /proc/net/unix
		run -0 as_other /usr/bin/perl -MSocket -e '
			alarm 10;
			socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) || die;
			connect($s, pack_sockaddr_un("\0$ARGV[0]")) || die "connect: $!";
			vec(my $in = "", fileno($s), 1) = 1;
			print select($in, undef, undef, 2) ? "let go" : "let in";' "$name"
		assert_output "let go"
		kill -KILL "$(child_of "$PID" sleep)"
		ends "$PID" 137
		wait_until 5 no_sessions
	done
}

@test "strangers that connect to the helper make it no member, and it sees doors behind them" {
	local name helper trace=$BATS_TEST_TMPDIR/trace

	[[ -x /usr/bin/perl ]] || skip "needs perl"
	command -v strace >/dev/null || skip "needs strace"
	mkfifo -m 666 "$BATS_TEST_TMPDIR/go"
	chmod 755 "$BATS_TEST_TMPDIR"
	start as_user env LD_PRELOAD="$SHIM" sh -c 'echo >/tmp/x; echo ready; read -r _ <"$0"; "$@"' \
		"$BATS_TEST_TMPDIR/go" "$STATIC" put /tmp/y x
	wait_until 5 logged ready
	name=$(sessions | sed -n 's,^/tmp/,,p')
	helper=$(helpers)
	strace -o "$trace" -e trace=flock,accept4 -p "$helper" 2>"$BATS_TEST_TMPDIR/strace" 3>&- &
	STRANGE+=" $!"
	wait_until 5 grep -q attached "$BATS_TEST_TMPDIR/strace"
	wait_until 5 grep -q "@$name" /proc/net/unix # it listens when it has come up
	as_other /usr/bin/perl -MSocket -e '
		alarm 10;
		for (1 .. 200) {
			socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) || die;
			connect($s, pack_sockaddr_un("\0$ARGV[0]")) || die "connect: $!";
			# The last one waits until it is let go, so that none is left in the queue:
			# the 16 below would wait for room in it.
			die "let in" if $_ == 200 && sysread($s, my $byte, 4);
		}' "$name"
	run cat "$trace"
	assert_output --partial "accept4("
	refute_output --partial "LOCK_SH"
	kill "${STRANGE##* }"
	wait "${STRANGE##* }" || :
	# As many as it takes at once wait for it, and a door behind them.
	kill -STOP "$helper"
	as_other /usr/bin/perl -MSocket -e '
		alarm 10;
		for (1 .. 16) {
			socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) || die;
			connect($s, pack_sockaddr_un("\0$ARGV[0]")) || die "connect: $!";
			push @all, $s;
		}' "$name"
	echo >"$BATS_TEST_TMPDIR/go"
	(sleep 1; kill -CONT "$helper") 3>&- &
	ends "$PID" 0 5
	wait_until 5 no_sessions
	no_helpers
}

@test "nobody waits for a helper, and one that is stopped loses nobody" {
	local root

	start as_user "${RUN[@]}" sh -c "echo >/tmp/x; $STATIC run sleep 50"
	wait_until 10 keepers_are 1
	root=$(sessions | sed -n 's,^/tmp/.*-,,p')
	kill -STOP "$(keepers)"
	start as_user "$PRIVTMP" enter "$root" "$STATIC" run sh -c "echo x >/tmp/z; sleep 2; cat /tmp/z"
	wait_until 5 pgrep -u "$TEST_UID" -x -f 'sleep 2'
	pkill -u "$TEST_UID" -x -f 'sleep 50'
	sleep 0.2
	[[ -n $(sessions) ]]
	kill -CONT "$(keepers)"
	ends "$PID" 0 5
	logged '^x$'
	wait_until 2 no_sessions
}
