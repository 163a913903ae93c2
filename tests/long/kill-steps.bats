# SPDX-License-Identifier: LGPL-2.1-or-later
# A SIGKILL at each system call of those who make a session, join it and leave it
# (../progs/kill_steps.c). death.bats kills at random moments.

load ../common

setup() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, for mounts"
	unshare --mount true 2>/dev/null || skip "needs a mount namespace"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' own calls are too many"
}

# A member makes both roots, executes itself, forks, and its child leaves as the last.
STEPS=(put a put ../var/tmp/b exec keep a fork keep a exit)

# on KIND WHO VICTIMS LEAST: all steps, with /tmp and /var/tmp on KIND: memory, or disk;
# there are LEAST at least.
on() {
	local disk

	disk=$(scratch)
	mkdir "$disk/tmp" "$disk/vartmp"
	chmod 1777 "$disk/tmp" "$disk/vartmp"
	# What the programs say on the way is theirs.
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 --separate-stderr unshare --mount --propagation private bash -c '
		if [[ $1 == memory ]]; then
			mount -t tmpfs -o mode=1777 tmp /tmp &&
				mount -t tmpfs -o mode=1777 vartmp /var/tmp || exit 99
		else
			mount --bind "$2/tmp" /tmp && mount --bind "$2/vartmp" /var/tmp || exit 99
		fi
		shift 2
		exec timeout 100 "$@"' bash "$1" "$disk" \
		"$PROGS/kill_steps" "$2" "$3" "$SHIM" "$PRIVTMP" \
		"$PROGS/life_steps" /dev/null "${STEPS[@]}"
	[[ $1 == memory ]] || set -- "$(stat -f -c %T "$disk")" "${@:2}"
	echo "# $1: $2 counted, $3 killed: $output" >&3
	assert_output --regexp '^[0-9]+ steps, [0-9]+ left, 0 left by the sweep$'
	# There was something to be killed at.
	[[ ${output%% *} -ge $4 ]] || fail "$output"
}

# both WHO VICTIMS LEAST
both() {
	on memory "$@"
	on disk "$@"
}

@test "a member killed at any of its system calls leaves nothing" { both 0 0 80; }
@test "a child killed at any of its system calls leaves nothing" { both 3 3 5; }
@test "a member killed at any system call of the maker leaves nothing" { both 1 0 30; }
@test "a member killed at any system call of the helper leaves nothing" { both 2 0 30; }
@test "a maker killed at any of its system calls leaves nothing for the sweep to leave" { both 1 1 30; }
@test "a helper killed at any of its system calls leaves nothing for the sweep to leave" { both 2 2 30; }
@test "a member killed with its maker leaves nothing for the sweep to leave" { both 1 01 30; }
@test "a member killed with its helper leaves nothing for the sweep to leave" { both 2 02 30; }
