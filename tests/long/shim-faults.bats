# SPDX-License-Identifier: LGPL-2.1-or-later
# Each place in the shim, its helper and the mount door that makes a system call has it fail,
# once with each errno that fits: the program is told, or goes on as without. It never comes
# to the shared directory, keeps no descriptor more, and what is left can be swept. See
# progs/shim_faults; of each system call, by number, in ../faults.bats.
#
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load ../common

setup() {
	need_own_tmp
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' own calls would fail, too"
	STEPS=$PROGS/id_steps
	USED=$SHIM
	echo planted | tee /tmp/planted >/var/tmp/planted
}

teardown() {
	! has_own_tmp || rm -rf /tmp/planted /var/tmp/planted
}

# Half-made roots, whose helper has not been started, are not swept in their first minute.
swept() {
	find /tmp /var/tmp /dev/shm -maxdepth 1 -name '.privtmp-*' -exec touch -d '-5 min' {} +
	"$PRIVTMP" sweep >/dev/null
	no_new_session
}

# each_place COMMAND...
each_place() {
	run timeout -k 5 200 "$PROGS/shim_faults" "$USED" "$@"
	[[ $status -ne 77 ]] || skip "faults cannot be made on this machine"
	[[ $status -eq 0 ]] || fail "$*: $(cut -c 1-500 <<<"$output" | head -n 60)"
	# Without a fault it is an errno that tells of the files that are others'.
	[[ $output =~ ^[1-9][0-9]*\ faults,\ 0\ problems\;\ without:\ status\ [01]$ ]] || fail "$*: $output"
	wait_until 5 swept || assert_no_session
}

need_root() {
	[[ $EUID -eq 0 ]] || skip "needs root, to become other users"
}

@test "the helper of a confined session is waited for no longer than it lives" {
	PRIVTMP_CONFINE=yes run shimmed true
	[[ -z $output ]] || skip "no Landlock here"
	FAULTS_IN=reaper FAULTS_WITH=12 PRIVTMP_CONFINE=yes each_place "$STEPS" make:/tmp/a write:/tmp/planted list:/proc/self/fd
}

@test "the way through the mount door, held to a size" {
	"$PRIVTMP" run --backend mount -- true || skip "no mount namespace here"
	each_place "$PRIVTMP" run --backend mount --size-limit 1M -- "$STEPS" make:/tmp/a \
		write:/tmp/planted list:/proc/self/fd
}

@test "becoming another user, in a session that both use then" {
	need_root
	each_place "$STEPS" make:/tmp/a mkdir:/tmp/d seteuid:61234 make:/tmp/b make:/tmp/d/c \
		read:/tmp/a remove:/tmp/b write:/tmp/planted list:/proc/self/fd
}

@test "shared memory and semaphores where /dev/shm is guarded" {
	[[ -d /dev/shm ]] || skip "needs /dev/shm"
	PRIVTMP_GUARD=/dev/shm each_place "$PROGS/libc_opens" shm shm-end sem sem-end
}

@test "sockets: names that are bound, and those that cannot be" {
	each_place "$PROGS/sockets" errors /tmp
}

@test "openat2 with its restrictions" {
	each_place "$PROGS/gate" openat2
}

@test "a command that is audited" {
	USED=${SHIM%/*}/libprivtmp-audit.so
	each_place "$STEPS" make:/tmp/a make:/tmp/b list:/proc/self/fd exec "$STEPS" make:/tmp/c
}
