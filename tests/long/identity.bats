# SPDX-License-Identifier: LGPL-2.1-or-later
# Other identities: programs that start as root and become users go on using the
# one /tmp that they share, as if it were a real one; and nobody else can.

load ../common
load ../run

setup() {
	need_users
	STEPS=$PROGS/id_steps
	STRANGE=''
	LOG=$BATS_TEST_TMPDIR/log
}

teardown() {
	local pid

	for pid in $STRANGE; do
		kill -KILL "$pid" 2>/dev/null || :
	done
}

# place TYPE COMMAND [ARG]...: run COMMAND where /tmp is a new file system of
# TYPE: tmpfs has ACLs, ramfs has none.
place() {
	local type=$1

	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -c '
		mount -t "$1" -o mode=1777 tmp /tmp &&
		mount -t "$1" -o mode=1777 tmp /var/tmp || exit 99
		chmod 1777 /tmp /var/tmp
		shift
		"$@"
		status=$?
		for i in $(seq 100); do
			left=$(find /tmp /var/tmp -name ".privtmp-*" 2>/dev/null)
			[ -n "$left" ] || exit "$status"
			sleep 0.2
		done
		echo "left: $left"
		exit 98' sh "$type" "$@"
}

need_places() {
	place tmpfs true 2>/dev/null || skip "needs a mount namespace"
	place ramfs true 2>/dev/null || skip "needs a ramfs, to have no ACLs"
}

# like_real STEP...: the steps say the same in a session as in a real /tmp that
# nobody else has, with ACLs and without; and no session is left.
like_real() {
	local type real

	need_places
	for type in tmpfs ramfs; do
		run place "$type" "$STEPS" "$@"
		[[ $status -le 1 ]] || fail "without the shim: $output"
		real=$output
		run place "$type" env LD_PRELOAD="${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER }$SHIM" \
			"$STEPS" "$@"
		[[ $status -le 1 ]] || fail "on $type: $output"
		assert_output "$real"
	done
	REAL=$real
}

# -- What each may do --------------------------------------------------------------

@test "a daemon that drops to a user for good goes on using its /tmp" {
	like_real make:/tmp/a shut:/tmp/b setuid:"$TEST_UID" ids read:/tmp/a \
		read:/tmp/b write:/tmp/a make:/tmp/c make:/var/tmp/c list:/tmp \
		remove:/tmp/a remove:/tmp/c setuid:0
	[[ $REAL == *"read:/tmp/b EACCES"*"make:/var/tmp/c ok"*"remove:/tmp/a EPERM"* ]]
}

@test "a daemon that drops before its first use of /tmp can use it" {
	like_real setuid:"$TEST_UID" make:/tmp/c read:/tmp/c make:/var/tmp/c
	[[ $REAL == *"make:/tmp/c ok"* ]]
}

@test "a daemon that goes back and forth shares what each of them makes" {
	like_real make:/tmp/r seteuid:"$TEST_UID" make:/tmp/u write:/tmp/r \
		seteuid:0 make:/tmp/s read:/tmp/u seteuid:"$OTHER_UID" \
		read:/tmp/u remove:/tmp/u shut:/tmp/o seteuid:0 \
		seteuid:"$TEST_UID" read:/tmp/o seteuid:0 read:/tmp/o list:/tmp
	[[ $REAL == *"remove:/tmp/u EPERM"*"read:/tmp/o EACCES"* ]]
}

@test "setreuid, setresuid and setfsuid drop as setuid does" {
	local call

	for call in setreuid setresuid setfsuid number thread; do
		like_real make:/tmp/a "$call:$TEST_UID" read:/tmp/a make:/tmp/b
		[[ $REAL == *"$call:$TEST_UID ok"*"make:/tmp/b ok"* ]]
	done
}

@test "groups that are set last do not lock the user out" {
	like_real make:/tmp/a seteuid:"$TEST_UID" seteuid:0 drop-groups \
		seteuid:"$TEST_UID" read:/tmp/a make:/tmp/b
	[[ $REAL == *"make:/tmp/b ok"* ]]
}

@test "one that serves several users at once does so in one /tmp" {
	like_real "users:$TEST_UID:8" list:/tmp
	[[ $REAL == *"users:$TEST_UID:8 ok"* ]]
}

@test "more users than an ACL of ours has room for are served, too" {
	like_real "users:$TEST_UID:90"
	[[ $REAL == *"users:$TEST_UID:90 ok"* ]]
}

@test "what a dropped daemon executes stays in the session" {
	like_real make:/tmp/a setuid:"$TEST_UID" make:/tmp/b \
		run:"cat /tmp/a /tmp/b" exec "$STEPS" read:/tmp/a read:/tmp/b make:/tmp/c
	[[ $REAL == *"make:/tmp/c ok"* ]]
}

@test "a child that becomes a user and its root parent share their /tmp" {
	like_real make:/tmp/a fork setuid:"$TEST_UID" make:/tmp/b read:/tmp/a
	[[ $REAL == *"read:/tmp/a ok"* ]]
}

@test "Python's subprocess starts a child as another user in the session" {
	command -v python3 >/dev/null || skip "needs python3"
	# shellcheck disable=SC2016 # Python's
	run -0 shimmed python3 -c '
import subprocess, sys
open("/tmp/a", "w").write("from root\n")
uid = int(sys.argv[1])
subprocess.run("cat /tmp/a; echo mine >/tmp/b", shell=True, check=True,
               user=uid, group=uid, extra_groups=[])
print(open("/tmp/b").read(), end="")
' "$TEST_UID"
	assert_output "from root
mine"
	assert_no_session
}

# -- Who else may not ------------------------------------------------------------------

# hold STEP...: the steps in the background, under the shim, up to "say:ready",
# which comes last; sets ROOT. "release" lets it end.
hold() {
	mkfifo "$BATS_TEST_TMPDIR/go"
	exec {GO}<>"$BATS_TEST_TMPDIR/go"
	env LD_PRELOAD="${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER }$SHIM" \
		"$STEPS" "$@" say:ready <&"$GO" >"$LOG" 2>&1 3>&- {GO}>&- &
	HELD=$!
	STRANGE+=" $HELD"
	wait_until 10 logged '^ready' || fail "$(cat "$LOG")"
	ROOT=$(new_sessions | grep ^/tmp/)
	BACKING=$(echo "$ROOT"/*/tmp)
	[[ -d $BACKING ]]
}

release() {
	echo >&"$GO"
	wait "${1:-$HELD}"
	assert_no_session
}

@test "without the shim, anyone can read what a daemon has left open in /tmp" {
	local name=/tmp/privtmp-id-$$

	run -0 "$STEPS" "make:$name"
	run as_other cat "$name"
	rm -f "$name"
	assert_output 0
}

@test "nobody but those it has become gets into a daemon's session" {
	hold make:/tmp/secret seteuid:"$TEST_UID"
	run ! as_other cat "$BACKING/secret"
	run ! as_other ls "$ROOT"
	run ! as_other ls "$BACKING"
	run ! as_other touch "$BACKING/planted"
	run -0 as_user cat "$BACKING/secret"
	release
}

@test "a user whom the daemon has given up again is locked out" {
	local back

	for back in seteuid:"$TEST_UID seteuid:0" setfsuid:"$TEST_UID setfsuid:0"; do
		# shellcheck disable=SC2086 # words
		hold make:/tmp/secret $back
		run ! as_user cat "$BACKING/secret"
		run ! as_user flock -s "$ROOT/lease" true
		release
		rm "$BATS_TEST_TMPDIR/go"
	done
}

@test "but not while another of its processes has become that user for good" {
	hold make:/tmp/secret fork setuid:"$TEST_UID"
	run -0 as_user cat "$BACKING/secret"
	release
}

@test "the owner's group does not get in either" {
	hold make:/tmp/secret seteuid:"$TEST_UID" seteuid:0
	run ! setpriv --reuid="$OTHER_UID" --regid=0 --clear-groups \
		--inh-caps=-all cat "$BACKING/secret"
	release
}

@test "a user that was let in cannot put something else in the backing's place" {
	hold make:/tmp/a seteuid:"$TEST_UID"
	run ! as_user mv "$BACKING" "$ROOT/other"
	run ! as_user touch "$ROOT/planted"
	run ! as_user rm -f "$ROOT/lease"
	run ! as_user sh -c "echo >>'$ROOT/lease'"
	run ! as_user chmod 777 "$ROOT"
	release
}

@test "neither can one on a file system without ACLs, nor does anyone else get in" {
	need_places
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 place ramfs sh -c '
		out=$1 uid=$2 other=$3
		shift 3
		as() { id=$1; shift; setpriv --reuid="$id" --regid="$id" --clear-groups "$@"; }
		env LD_PRELOAD="$SHIM" "$@" <"$out/go" >"$out/held" &
		exec 4>"$out/go"
		for i in $(seq 500); do grep -q ^ready "$out/held" && break; sleep 0.02; done
		root=$(echo /tmp/.privtmp-*)
		test -e "$root"/*/tmp/a || echo "no session"
		stat -c %u:%a "$root"
		as "$other" cat "$root"/*/tmp/a 2>/dev/null && echo got in
		as "$uid" mv "$root"/*/tmp "$root/x" 2>/dev/null && echo moved
		as "$uid" touch "$root/y" 2>/dev/null && echo planted
		echo >&4
		wait' sh "$(mkfifo "$BATS_TEST_TMPDIR/go"; echo "$BATS_TEST_TMPDIR")" \
		"$TEST_UID" "$OTHER_UID" \
		"$STEPS" make:/tmp/a seteuid:"$TEST_UID" read:/tmp/a seteuid:0 say:ready
	assert_output 0:710
	run -0 cat "$BATS_TEST_TMPDIR/held"
	assert_line "read:/tmp/a ok"
}

# -- Joining ---------------------------------------------------------------------------

@test "a user who may not search a session's root does not join it" {
	hold make:/tmp/secret
	run as_user env LD_PRELOAD="$SHIM" PRIVTMP_SESSION="-:$HELD:0:$ROOT" \
		"$STEPS" gone:/tmp/secret make:/tmp/mine read:/tmp/mine
	assert_output "gone:/tmp/secret ok
make:/tmp/mine ok
$TEST_UID
read:/tmp/mine ok"
	release
}

@test "not even with a descriptor of the lease, from a program without the shim" {
	hold make:/tmp/secret
	# shellcheck disable=SC2016 # expanded by the inner shell
	run as_user env LD_PRELOAD="$SHIM" PRIVTMP_SESSION="9:$HELD:0:$ROOT" \
		"$STEPS" gone:/tmp/secret make:/tmp/mine 9<"$ROOT/lease"
	assert_output "gone:/tmp/secret ok
make:/tmp/mine ok"
	release
}

@test "a user's session is not joined by root on that user's word" {
	local users

	mkfifo "$BATS_TEST_TMPDIR/go"
	exec {GO}<>"$BATS_TEST_TMPDIR/go"
	as_user env LD_PRELOAD="$SHIM" "$STEPS" make:/tmp/planted say:ready \
		<&"$GO" >"$LOG" 2>&1 3>&- {GO}>&- &
	users=$!
	STRANGE+=" $users"
	wait_until 10 logged '^ready' || fail "$(cat "$LOG")"
	ROOT=$(new_sessions | grep ^/tmp/)
	BACKING=$(echo "$ROOT"/*/tmp)
	run -0 env LD_PRELOAD="$SHIM" PRIVTMP_SESSION="-:$users:0:$ROOT" \
		"$STEPS" gone:/tmp/planted make:/tmp/planted
	release "$users"
}

# become COMMAND [ARG]...: what COMMAND starts as another user shares root's /tmp,
# and nothing is left.
become() {
	run -0 shimmed sh -c 'echo from root >/tmp/a; "$@"; cat /tmp/b' sh "$@"
	assert_line "from root"
	assert_line "as nobody"
	assert_no_session
}

# shellcheck disable=SC2016 # expanded by the user's shell
SCRIPT='cat /tmp/a; echo as $(id -un) >/tmp/b'

@test "setpriv, runuser and su take the session along to the user" {
	id nobody >/dev/null 2>&1 || skip "needs a user nobody"
	become setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups sh -c "$SCRIPT"
	if command -v runuser >/dev/null; then
		become runuser -u nobody -- sh -c "$SCRIPT"
	fi
	if command -v su >/dev/null; then
		become su -s /bin/sh -c "$SCRIPT" nobody
	fi
}

@test "su with a fresh environment takes it along, too" {
	id nobody >/dev/null 2>&1 || skip "needs a user nobody"
	command -v su >/dev/null || skip "needs su"
	become su - -s /bin/sh -c "$SCRIPT" nobody
}

@test "sudo takes the session along to the user" {
	command -v sudo >/dev/null || skip "needs sudo"
	id nobody >/dev/null 2>&1 || skip "needs a user nobody"
	become sudo -n -u nobody sh -c "$SCRIPT"
}

# -- The end ---------------------------------------------------------------------------

@test "a daemon that has dropped is removed before it has ended" {
	run -0 shimmed "$STEPS" make:/tmp/a setuid:"$TEST_UID" make:/tmp/b make:/var/tmp/b
	assert_equal "$(new_sessions)" ""
}

@test "a dropped daemon that is SIGKILLed leaves nothing" {
	hold make:/tmp/a setuid:"$TEST_UID" make:/tmp/b
	kill -KILL "$HELD"
	assert_no_session
}
