# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2030,SC2031,SC2153 # each test is a subshell; run.bash sets NAME
#
# Kernels that lack calls, down to Linux 3.10, and containers whose filters refuse them:
# with ENOSYS or, as old ones do, with EPERM. All is as it is elsewhere.

load common
load run

# Each call of the shim's and the tools' own that is newer than the oldest kernel, or
# that filters are known to refuse.
NEWER=(statx getrandom renameat2 faccessat2 openat2 close_range clone3 copy_file_range
	execveat memfd_create rseq fchmodat2 pidfd_open pidfd_send_signal
	landlock_create_ruleset)
FILTERED=(fgetxattr fsetxattr fremovexattr flock mount umount2 pivot_root unshare setns
	ptrace process_vm_readv name_to_handle_at open_by_handle_at personality prlimit64
	'clone:1&0x7c020000')
ENOSYS=38
EPERM=1

# Only what does its work under each of the filters bare is called: no coreutils that
# know of statx, for one.
USE='echo x >/tmp/$name && mkdir /var/tmp/$name && cat /tmp/$name
	echo y >>/tmp/$name && cat /tmp/$name && ln -s /tmp/$name /tmp/link &&
	cat /tmp/link && rm /tmp/link && cd /tmp && echo * && cat ./$name'

setup_file() {
	"$PROGS/refuse" "$EPERM" setns -- true || skip "needs seccomp filters"
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
		"$PRIVTMP" list | awk '{ print $1, $4 } NF == 0' | grep -e "$live" -e "$dead"
		echo "$?, sweep:"
		"$PRIVTMP" sweep
		echo "$?"
	EOF
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
	rm "$DEAD/failed" # not kept after all
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
	each "$ENOSYS" "${NEWER[@]}"
	grep -q 'x' "$BATS_TEST_TMPDIR/want"
}

@test "where a filter refuses one newer call (EPERM), all is as it is elsewhere" {
	each "$EPERM" "${NEWER[@]}"
}

@test "where a filter refuses what containers must not do, all is as it is elsewhere" {
	each "$EPERM" "${FILTERED[@]}"
	each "$ENOSYS" flock prlimit64 fsetxattr fgetxattr
}
