#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# arena.bash STAGE UID SCENARIO MODE...
#
# Run one scenario in each mode: plain (no shim), run (privtmp run), confine (the same, with
# that), bare (LD_PRELOAD alone); each time in an empty /tmp and /var/tmp, and record what came of it. lib.bash
# starts this as the first process of mount and pid namespaces of its own: so nobody
# else's files are in the watch, nothing of the machine's is touched, and whatever a
# scenario leaves running ends with it.
#
# STAGE holds the mount points build/ and src/ (in place already), work/, vartmp/ and
# result/. For each mode, result/MODE/ gets: out, err, status, events (of the watch),
# left (files) and procs (processes).

set -eu

stage=$1 uid=$2 scenario=$3
shift 3
watcher=

# All is reached through /mnt from here on: the checkout may lie under /tmp, or where only
# its owner may go. /tmp and /var/tmp are two file systems, of two kinds.
prepare() {
	mount --make-rprivate /
	mount --rbind "$stage" /mnt
	chmod 755 /mnt /mnt/work
	((uid == EUID)) || chown "$uid:$uid" /mnt/work
	mount -t tmpfs -o mode=1777 tmpfs /tmp
	mount --bind /mnt/vartmp /var/tmp
	chmod 1777 /var/tmp
	ulimit -c 0
	# Some programs want a user with a name and a shell.
	if ((EUID == 0)) && ! getent passwd "$uid" >/dev/null; then
		{
			cat /etc/passwd
			echo "tester:x:$uid:$uid::/mnt/work:/bin/sh"
		} >/mnt/passwd
		mount --bind /mnt/passwd /etc/passwd
	fi
}

# wait_until TENTHS COMMAND...
wait_until() {
	local n=$(($1 * 5))

	shift
	while ((n-- > 0)); do
		"$@" && return 0
		sleep 0.02
	done
	return 1
}

# The processes of this namespace, apart from this shell and the watch.
others() {
	local p

	for p in /proc/[0-9]*; do
		p=${p#/proc/}
		if [[ $p != "$$" && $p != "$watcher" && -e /proc/$p/status ]]; then
			echo "$p"
		fi
	done
}

# $(...) would be a process itself.
alone() {
	others >/mnt/result/others
	[[ ! -s /mnt/result/others ]]
}

watch_start() { # RESULT-DIR
	: >"$1/watch"
	inotifywait --monitor --format '%e %w%f' \
		-e create -e delete -e move -e open -e attrib \
		/tmp /var/tmp >"$1/events" 2>"$1/watch" &
	watcher=$!
	wait_until 50 grep -q 'Watches established' "$1/watch" && return
	echo "inotifywait did not start: $(cat "$1/watch")" >&2
	exit 1
}

# Events come in order: once the mark is there, so is all that went before it.
watch_stop() { # RESULT-DIR
	: >/var/tmp/.mark
	rm /var/tmp/.mark
	wait_until 50 grep -q 'DELETE /var/tmp/.mark' "$1/events" || exit 1
	kill "$watcher"
	wait "$watcher" 2>/dev/null || :
	watcher=
	sed -i '\,/var/tmp/\.mark$,d' "$1/events"
}

run_mode() { # MODE
	local dir=/mnt/result/$1 status=0 shim=/mnt/build/shim/.libs/libprivtmp.so name
	local -a cmd=(bash "/mnt/src/real/$scenario.sh") as=()
	local -a vars=(PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/mnt/work LC_ALL=C TERM=xterm)

	case $1 in
		run) cmd=(/mnt/build/tools/privtmp run -- "${cmd[@]}") ;;
		confine) cmd=(/mnt/build/tools/privtmp run --confine -- "${cmd[@]}") ;;
		bare) vars+=("LD_PRELOAD=${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER }$shim") ;;
	esac
	for name in PRIVTMP_SANITIZER ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do
		[[ -z ${!name:-} ]] || vars+=("$name=${!name}")
	done
	if ((EUID != 0)); then
		as=(setpriv --ambient-caps=-all --inh-caps=-all)
	elif ((uid != 0)); then
		as=(setpriv "--reuid=$uid" "--regid=$uid" --clear-groups)
	fi

	mkdir "$dir"
	cd /mnt/work
	watch_start "$dir"
	timeout -k 2 60 "${as[@]}" env -i "${vars[@]}" "${cmd[@]}" \
		</dev/null >"$dir/out" 2>"$dir/err" || status=$?
	echo "$status" >"$dir/status"
	# Daemons that were told to end may take a moment, and so may the helper that cleans
	# up after a member that was killed.
	if wait_until 30 alone; then
		: >"$dir/procs"
	else
		ps -ww -o pid,ppid,stat,args -p "$(paste -sd, /mnt/result/others)" >"$dir/procs" || :
	fi
	find /tmp /var/tmp -mindepth 1 >"$dir/left"
	watch_stop "$dir"
	cd /
	find /tmp /var/tmp /mnt/work -mindepth 1 -delete
}

prepare
for mode; do
	run_mode "$mode"
	# What still runs would be in the way of the next mode. It ends with this shell.
	if [[ -s /mnt/result/$mode/procs ]]; then
		break
	fi
done
