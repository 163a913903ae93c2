# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2030,SC2031,SC2153 # each test is a subshell; run.bash sets NAME
#
# Kernels that lack calls, down to Linux 3.10, and containers whose filters refuse them:
# with ENOSYS or, as old ones do, with EPERM. All is as it is elsewhere.

load ../common
load ../run
load ../refused
eval "run_$(declare -f setup)" # before ours

ENOSYS=38
EPERM=1
EAGAIN=11
EINVAL=22
FCNTL=fcntl
[[ $(getconf LONG_BIT) == 64 ]] || FCNTL=fcntl64
OLDEST="$PROGS/refuse $EINVAL $FCNTL:2=36 $FCNTL:2=37 $FCNTL:2=38 --
	$PROGS/refuse 95 openat:3&0x400000 -- $PROGS/refuse $ENOSYS above:finit_module --"

# Only what does its work under each of the filters bare is called: no coreutils that
# know of statx, for one.
# shellcheck disable=SC2016 # expanded by the inner shell
USE='echo x >/tmp/$name && mkdir /var/tmp/$name && cat /tmp/$name
	echo y >>/tmp/$name && cat /tmp/$name && ln -s /tmp/$name /tmp/link &&
	cat /tmp/link && rm /tmp/link && cd /tmp && echo * && cat ./$name'

setup_file() {
	cat >"$BATS_FILE_TMPDIR/everything" <<-'EOF'
		export name=$1 use=$2 live=$3
		dead=$4
		echo "run:"
		"$PRIVTMP" run -- sh -c "$use"
		echo "$?, preloaded:"
		env LD_PRELOAD="$SHIM" sh -c "$use"
		echo "$?, names:"
		env LD_PRELOAD="$SHIM" "$PROGS/names" template mkstemp /tmp/XXXXXX
		env LD_PRELOAD="$SHIM" "$PROGS/names" fork | sort -u | wc -l
		env LD_PRELOAD="$SHIM" "$PROGS/names" many 50 | sort -u | wc -l
		echo "$?, a long socket name:"
		env LD_PRELOAD="$SHIM" "$PROGS/sockets" stream "/tmp/$(printf %090d 0)"
		echo "$?, killed:"
		env LD_PRELOAD="$SHIM" sh -c "$use; kill -KILL \$\$" 2>&1
		echo "$?, entered:"
		"$PRIVTMP" enter "$live" cat "/tmp/$name"
		echo "$?, list:"
		"$PRIVTMP" list | awk '{ print $1, $4 } NF == 0' | grep -e "$live" -e "$dead" | sort -k 2
		echo "$?, sweep:"
		"$PRIVTMP" sweep
		echo "$?"
	EOF
}

setup() {
	"$PROGS/refuse" "$EPERM" setns -- true || skip "needs seccomp filters"
	run_setup
}

# everything COMMAND...: the main uses of privtmp, under COMMAND, from a session's start
# to what it leaves; says what came of each.
everything() {
	"$@" sh "$BATS_FILE_TMPDIR/everything" "$NAME" "$USE" "$LIVE" "$DEAD" 2>&1
}

# A session in the background, LIVE.
start_live() {
	start "${RUN[@]}" sh -c "echo first >/tmp/$NAME; echo ready; exec sleep 600"
	wait_until 10 logged ready
	LIVE=$(new_sessions | grep '^/tmp/')
	STRANGE+=" $(child_of "$PID" sleep)"
}

# One that nobody is a member of, as a power failure leaves it, DEAD.
make_dead() {
	local before

	before=$(new_sessions)
	"${RUN[@]}" --keep failure sh -c "echo x >/tmp/$NAME; echo x >/var/tmp/$NAME; exit 1" \
		>/dev/null 2>&1 || :
	DEAD=$(comm -13 <(echo "$before") <(new_sessions) | grep '^/tmp/')
	# Its helper goes when it has seen that.
	wait_until 10 unwatched "$DEAD"
	rm "$DEAD/failed" # not kept after all
}

unwatched() {
	[[ ! $(helper_of "$1") ]]
}

only_the_live() {
	[[ $(new_sessions) == "$1" ]]
}

# alike COMMAND...: under each, all is as it is without.
alike() {
	local before command failed=

	start_live
	before=$(new_sessions)
	make_dead
	everything env >"$BATS_TEST_TMPDIR/all"
	sed "s|$DEAD|DEAD|" "$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/want"
	[[ ! -e $DEAD ]]
	for command; do
		make_dead
		# shellcheck disable=SC2086 # a list of words
		everything $command | sed "s|$DEAD|DEAD|" >"$BATS_TEST_TMPDIR/got"
		diff "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got" ||
			failed+=" [$command: it differs]"
		wait_until 2 only_the_live "$before" ||
			failed+=" [$command: $(new_sessions | paste -sd' ')]"
	done
	kill -TERM "$PID"
	ends "$PID" 143
	[[ ! $failed ]] || fail "$failed"
	assert_no_session
}

each() {
	local call commands=() error=$1

	shift
	for call; do
		commands+=("$PROGS/refuse $error $call --")
	done
	alike "${commands[@]}"
}

@test "where one call is not there (ENOSYS), all is as it is elsewhere" {
	each "$ENOSYS" "${NEWER[@]}" "${LANDLOCK[@]}"
	grep -q 'x' "$BATS_TEST_TMPDIR/want"
}

@test "where a filter refuses one newer call (EPERM), all is as it is elsewhere" {
	each "$EPERM" "${NEWER[@]}" "${LANDLOCK[@]}"
}

@test "what does not know a flag of a newer call (EINVAL) is no reason to find no command" {
	each "$EINVAL" faccessat2
}

@test "where a filter refuses what containers must not do, all is as it is elsewhere" {
	each "$EPERM" "${FILTERED[@]}" "${MOUNTS[@]}"
	each "$ENOSYS" prlimit64 fsetxattr fgetxattr
}

@test "on the oldest kernel, Linux 3.10, all is as it is elsewhere" {
	# There are no locks of open file descriptions, and no files without a name.
	alike "$OLDEST" "${OLDEST//refuse $ENOSYS/refuse $EPERM}"
}

@test "on the oldest kernel with the library built for it, programs of all kinds are led" {
	# shellcheck disable=SC2086 # a list of words
	run -0 $OLDEST env LD_PRELOAD="$SHIM" bash -c "
		mkdir /tmp/$NAME && cd /tmp/$NAME && for i in 1 2 3; do echo \$i >\$i; done
		mv 1 4; ln 2 5; chmod 600 3; tar cf ../a.tar . && mkdir ../b && tar xf ../a.tar -C ../b
		find /tmp/b | sort; python3 -c 'import tempfile; print(tempfile.mkdtemp()[:5])' || echo /tmp/"
	assert_line /tmp/b/5
	assert_line --index -1 /tmp/
	assert_no_session
}

# -- Random bytes --------------------------------------------------------------------

# without_devices COMMAND...: where /dev has nothing.
without_devices() {
	unshare --mount --propagation private sh -c \
		'mount -t tmpfs none /dev && exec "$@"' sh "$@"
}

# EAGAIN: soon after boot, when it would wait.
@test "without getrandom, names are as little to be foreseen" {
	for error in "$ENOSYS" "$EPERM" "$EAGAIN"; do
		run -0 "$PROGS/refuse" "$error" getrandom -- env LD_PRELOAD="$SHIM" \
			"$PROGS/names" unique 20000
		assert_output "0 of 20000 drawn twice"
		run -0 "$PROGS/refuse" "$error" getrandom -- env LD_PRELOAD="$SHIM" \
			"$PROGS/names" many 20000
		printf '%s\n' "${lines[@]}" | cut -c6- | fold -w1 | sort | uniq -c |
			awk '$1 < 4110 || $1 > 4925 { print; bad = 1 }
				END { exit bad || NR != 62 }'
	done
}

@test "without getrandom and /dev/urandom, each program has the kernel's 128 bits" {
	need_worlds
	run -0 without_devices "$PROGS/refuse" "$ENOSYS" getrandom -- env LD_PRELOAD="$SHIM" \
		"$PROGS/names" unique 20000
	assert_output "0 of 20000 drawn twice"
	for _ in 1 2 3 4; do
		without_devices "$PROGS/refuse" "$ENOSYS" getrandom -- env LD_PRELOAD="$SHIM" \
			"$PROGS/names" fork
	done >"$BATS_TEST_TMPDIR/all"
	[[ $(sort -u "$BATS_TEST_TMPDIR/all" | wc -l) -eq 16 ]]
	assert_no_session
}

@test "a file by the name of /dev/urandom is not believed" {
	need_worlds
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 without_devices sh -c 'head -c 65536 /proc/self/exe >/dev/urandom
		for i in 1 2; do
			"$1" 38 getrandom -- env LD_PRELOAD="$2" "$3" many 1
		done' sh "$PROGS/refuse" "$SHIM" "$PROGS/names"
	[[ ${lines[0]} != "${lines[1]}" ]]
}

# -- Locks ---------------------------------------------------------------------------

@test "who is refused flock alone does not take a session from under the others" {
	for error in "$ENOSYS" "$EPERM"; do
		run -0 shimmed bash -c "echo first >/tmp/$NAME
			($PROGS/refuse $error flock -- bash -c 'sleep 0.2
				echo second >>/tmp/$NAME' &)
			sleep 0.6; exec cat /tmp/$NAME"
		assert_output $'first\nsecond'
		assert_no_session
	done
}

@test "without flock, a session lives for all who are in it, and ends with the last" {
	mkfifo "$BATS_TEST_TMPDIR/go"
	start "$PROGS/refuse" "$EPERM" flock -- env LD_PRELOAD="$SHIM" \
		bash -c "echo first >/tmp/$NAME; echo ready; read -r _ <$BATS_TEST_TMPDIR/go; kill -KILL \$\$"
	wait_until 5 logged ready
	LIVE=$(new_sessions)
	"$PROGS/refuse" "$EPERM" flock -- "$PRIVTMP" enter "$LIVE" cat "/tmp/$NAME"
	run -0 "$PRIVTMP" list
	assert_output --regexp "$LIVE .* live"
	"$PRIVTMP" sweep --all
	# One that is not refused it outlives those that are.
	run -0 "${TOOL[@]}" enter "$LIVE" sh -c \
		"echo >$BATS_TEST_TMPDIR/go; sleep 1; cat /tmp/$NAME"
	assert_output first
	assert_no_session
}

@test "who is refused flock sweeps away nothing that may be alive" {
	start_live
	"$PROGS/refuse" "$EPERM" flock -- "$PRIVTMP" sweep --all
	run -0 "$PROGS/refuse" "$EPERM" flock -- "$PRIVTMP" enter "$LIVE" cat "/tmp/$NAME"
	assert_output first
	kill -TERM "$PID"
	ends "$PID" 143
	assert_no_session
}

@test "where there is no lock of any kind, nothing is shared in silence" {
	run -125 "$PROGS/refuse" "$EPERM" flock "$FCNTL:2=37" -- \
		"$PRIVTMP" run -- sh -c "echo x >/tmp/$NAME"
	[[ ! -e /tmp/$NAME ]]
	one_line "Operation not permitted"
}

# -- Users ---------------------------------------------------------------------------

@test "without ACLs, a daemon's worker finds its /tmp, others do not" {
	need_users
	for error in "$ENOSYS" "$EPERM"; do
		run -0 "$PROGS/refuse" "$error" fsetxattr fgetxattr -- env LD_PRELOAD="$SHIM" bash -c "
			echo x >/tmp/$NAME; ls -dl /tmp/ >/dev/null
			exec setpriv --reuid=$TEST_UID --regid=$TEST_UID --clear-groups cat /tmp/$NAME"
		assert_output x
		assert_no_session
	done
}

# -- Descriptors ---------------------------------------------------------------------

has_five() { [[ $(ls "/proc/$1/fd") == $'0\n1\n2\n3\n4' ]]; }

@test "without close_range, the helper keeps no descriptor of the program's open" {
	start "$PROGS/refuse" "$ENOSYS" close_range -- env LD_PRELOAD="$SHIM" bash -c "
		ulimit -n 20000; exec 7</dev/null 19999</dev/null
		echo x >/tmp/$NAME; echo ready; sleep 60"
	wait_until 5 logged ready
	helper=$(helper_of "$(new_sessions)")
	run -0 ls "/proc/$helper/fd"
	# The first is a socket of its own, for the mount door.
	assert_output $'0\n3\n4'
	run -0 readlink "/proc/$helper/fd/0"
	assert_output --partial socket:
	kill -KILL "$PID" "$(child_of "$PID" sleep)"
	assert_no_session
}

@test "where no child may share memory, as under an emulator, the end leaves nothing" {
	run -0 "$PROGS/refuse" "$EINVAL" "clone:1&0x100" -- \
		env LD_PRELOAD="$SHIM" sh -c "echo x >/tmp/$NAME; read -r it </tmp/$NAME; echo \$it"
	assert_output x
	assert_no_session
	run -137 "$PROGS/refuse" "$EINVAL" "clone:1&0x100" -- \
		env LD_PRELOAD="$SHIM" sh -c "echo x >/tmp/$NAME; kill -KILL \$\$; :"
	assert_no_session
	# privtmp executes its command by a plain fork, too.
	run -0 "$PROGS/refuse" "$EINVAL" "clone:1&0x100" -- \
		"$PRIVTMP" run sh -c "echo x >/tmp/$NAME; read -r it </tmp/$NAME; echo \$it"
	assert_output x
	assert_no_session 0
}
