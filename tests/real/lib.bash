# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What the real-*.bats files share, here and in long: run one of the scenarios in this directory with and
# without the shim, in an arena of its own (arena.bash), and compare.

# need COMMAND...: a scenario's programs must be there; if not, say which.
need() {
	local cmd

	for cmd in inotifywait unshare ps "$@"; do
		PATH=/usr/bin:/bin:/usr/sbin:/sbin command -v "$cmd" >/dev/null ||
			skip "$cmd is not installed"
	done
}

# Root makes namespaces outright, anyone else inside a user namespace, where the powers are
# only for the mounts (see arena.bash).
real_unshare() {
	if ((EUID == 0)); then
		unshare --mount --pid --fork --kill-child --mount-proc "$@"
	else
		unshare --user --map-current-user --keep-caps \
			--mount --pid --fork --kill-child --mount-proc "$@"
	fi
}

# show TITLE FILE: the head of a file, if there is anything in it.
show() {
	[[ -s $2 ]] || return 0
	echo "--- $1"
	head -n 40 "$2"
}

# outside MODE: what happened in the shared directories themselves, sessions left out.
outside() {
	sed -nE '\,^[A-Z_]+[A-Z_,]* (/var)?/tmp/.,p' "$RESULT/$1/events" |
		grep -vE '/tmp/\.privtmp-[A-Za-z0-9]{22}$'
}

# complain TEXT: note what is wrong, and go on: one run shows all of it.
complain() {
	echo "$@"
	wrong=1
}

# The scenario shows something only if it works and touches the shared directories.
verdict_plain() {
	local dir=$RESULT/plain wrong=0

	[[ $(cat "$dir/status") == 0 ]] || {
		complain "without the shim the scenario fails: status $(cat "$dir/status")"
		show stdout "$dir/out"
		show stderr "$dir/err"
	}
	[[ -s $dir/out ]] || complain "the scenario prints nothing to compare"
	outside plain >/dev/null ||
		complain "the scenario does not touch the shared directories"
	[[ ! -s $dir/procs ]] || {
		complain "left running without the shim:"
		cat "$dir/procs"
	}
	return "$wrong"
}

# verdict MODE: as without the shim, and nothing to be seen by others.
verdict() {
	local dir=$RESULT/$1 what wrong=0

	for what in status out err; do
		diff "$RESULT/plain/$what" "$dir/$what" >"$dir/$what.diff" || {
			complain "$what differs under '$1' (< without, > with the shim)"
			head -n 40 "$dir/$what.diff"
		}
	done
	! grep -q OVERFLOW "$dir/events" || complain "the watch lost events"
	outside "$1" >"$dir/outside" || :
	[[ -z ${REAL_MEANT:-} ]] || grep -qxE "$REAL_MEANT" "$dir/outside" ||
		complain "nothing in the shared directories of what is meant to be, under '$1'"
	! grep -vxE "${REAL_MEANT:-}" "$dir/outside" >"$dir/unmeant" || {
		complain "in the shared directories under '$1':"
		sort "$dir/unmeant" | uniq -c | sort -rn | head -n 40
	}
	# No session at all would mean that the shim was not there.
	grep -q '/tmp/\.privtmp-' "$dir/events" || complain "no session under '$1'"
	for what in left procs; do
		[[ ! -s $dir/$what ]] || {
			complain "$what under '$1':"
			head -n 40 "$dir/$what"
		}
	done
	return "$wrong"
}

# arena SCENARIO MODE...: run it; RESULT is the directory of what was recorded.
arena() {
	local stage=$BATS_TEST_TMPDIR/stage uid=${REAL_UID:-$EUID} dir

	[[ -x $PRIVTMP && -r $SHIM ]] || fail "$PRIVTMP or $SHIM has not been built"
	real_unshare true 2>/dev/null || skip "no mount and pid namespaces here"
	((uid == EUID || EUID == 0)) || skip "only root can run it as another user"
	RESULT=$stage/result
	mkdir -p "$stage"/{build,src,work,vartmp,result}
	# shellcheck disable=SC2016
	real_unshare bash -c '
		mount --bind "$1" "$3/build" && mount --bind "$2/tests" "$3/src" || exit
		exec bash "$3/src/real/arena.bash" "${@:3}"' \
		arena "$PRIVTMP_BUILD" "$PRIVTMP_SOURCE" "$stage" "$uid" "$@" \
		3>&- || fail "the arena failed"
	for dir in "${@:2}"; do
		[[ -f $RESULT/$dir/status ]] || fail "'$dir' was not run: $(cat "$RESULT"/*/procs)"
	done
}

# real SCENARIO [MODE...]: under the launcher, or in these modes: the same output and status
# as without the shim, nothing in the shared directories meanwhile, and nothing anywhere
# afterwards. With REAL_UID, as that user; with REAL_MEANT, the events in the shared
# directories that are this whole (grep -E) are meant, and there must be some.
real() {
	local scenario=$1 mode failed=0

	shift
	(($# > 0)) || set -- run
	arena "$scenario" plain "$@"
	verdict_plain || failed=1
	for mode; do
		verdict "$mode" || failed=1
	done
	return "$failed"
}
