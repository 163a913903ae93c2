# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # part of tools/demo
# Where the demo runs and as whom: users that no account belongs to, homes for them, and, where
# namespaces can be had, a /tmp and a /var/tmp that nobody else has.

# What is in the victim's home: a file to lose and a secret to tell.
precious='Nobody but me writes here.'
secret=token-$RANDOM$RANDOM$RANDOM

# A folder outside the guarded directories, from which programs can be started.
make_stage() {
	local base dir
	for base in /dev/shm "${XDG_RUNTIME_DIR:-/dev/shm}" "${HOME:-/dev/shm}"; do
		dir=$(mktemp -d "$base/privtmp-demo.XXXXXX" 2>/dev/null) || continue
		printf '#!/bin/sh\n' >"$dir/try"
		chmod 700 "$dir/try"
		if "$dir/try" 2>/dev/null; then
			rm -f "$dir/try"
			chmod 711 "$dir"
			echo "$dir"
			return
		fi
		rm -rf "$dir"
	done
	echo 'demo: no folder outside /tmp to work in' >&2
	return 1
}

# The first uid from $1 on that no account has.
spare_uid() {
	local uid=$1
	while getent passwd "$uid" >/dev/null; do
		uid=$((uid + 1))
	done
	echo "$uid"
}

# Runs this script again, on a stage; in namespaces of its own where they can be had. What is
# started there ends with them, and pids are the demo's alone, so that guessing them is certain.
set_the_stage() {
	local namespaces=(unshare --mount --propagation private --pid --fork --kill-child --mount-proc)
	local knob kernel='' users='' isolated=yes status=0
	stage=$(make_stage)
	trap 'rm -rf "$stage"' EXIT
	if [[ $EUID != 0 ]]; then
		namespaces+=(--user --map-current-user --keep-caps)
	elif setpriv --reuid 64900 --regid 64900 --clear-groups true 2>/dev/null; then
		users="$(spare_uid 64900) $(spare_uid 64950)"
	fi
	"${namespaces[@]}" true 2>/dev/null || namespaces=() isolated=
	for knob in symlinks regular fifos; do
		if [[ $(cat "/proc/sys/fs/protected_$knob" 2>/dev/null) == [1-9]* ]]; then
			kernel+=" $knob"
		fi
	done
	env -i PATH=/usr/bin:/bin:/usr/local/bin:/usr/sbin:/sbin LC_ALL=C \
		TERM="${TERM:-dumb}" NO_COLOR="${NO_COLOR:-}" PRIVTMP="$launcher" DEMO_STAGE="$stage" \
		DEMO_USERS="$users" DEMO_ISOLATED="$isolated" DEMO_KERNEL="$kernel" \
		"${namespaces[@]}" bash "$0" "$@" || status=$?
	exit "$status"
}

# The kernel compares owners: one user alone is not protected from itself.
kernel_refuses() {
	[[ -n $DEMO_USERS && " $DEMO_KERNEL " == *" $1 "* ]]
}

take_the_stage() {
	stage=$DEMO_STAGE victim_home=$stage/victim attacker_home=$stage/attacker
	read -r victim_uid attacker_uid <<<"${DEMO_USERS:-$UID $UID}"
	umask 022
	export HOME
	export -n DEMO_STAGE DEMO_USERS DEMO_ISOLATED DEMO_KERNEL PRIVTMP NO_COLOR
	trap 'exit 130' INT TERM
	shopt -s nullglob dotglob
	if [[ -n $DEMO_ISOLATED ]]; then
		mount_stage
	else
		find_strewn
		if [[ ${#strewn[@]} -gt 0 ]]; then
			echo "demo: in the way: ${strewn[*]}" >&2
			exit 1
		fi
		copy_to_stage
	fi
	mkdir -m 700 "$victim_home" "$attacker_home"
	touch "$victim_home/notes" "$victim_home/payroll.txt"
	if [[ -n $DEMO_USERS ]]; then
		chown -R "$victim_uid:$victim_uid" "$victim_home"
		chown -R "$attacker_uid:$attacker_uid" "$attacker_home"
	fi
	# What the attackers say; open at both ends, so that nobody waits for the other to open it.
	mkfifo "$stage/says"
	exec {ear}<>"$stage/says"
}

# The build and the sources may lie under /tmp, or where only root can go: bound to the stage,
# both users reach them.
mount_stage() {
	mount -t tmpfs -o mode=755 privtmp-demo "$stage"
	mkdir "$stage/demo" "$stage/build"
	mkdir -m 1777 "$stage/tmp" "$stage/vartmp"
	mount --rbind "$demo" "$stage/demo"
	demo=$stage/demo
	if [[ -x $launcher ]]; then
		mount --rbind "${launcher%/*/*}" "$stage/build"
		launcher=$stage/build${launcher#"${launcher%/*/*}"}
	fi
	mount --bind "$stage/tmp" /tmp
	mount --bind "$stage/vartmp" /var/tmp
}

# Whether a victim could start FILE: it is not where only root can go, nor in a directory that
# is the victim's own under privtmp.
in_reach() {
	local become=()
	[[ -z $DEMO_USERS ]] ||
		become=(setpriv --reuid "$victim_uid" --regid "$victim_uid" --clear-groups)
	[[ $(realpath "$1")/ != @(/tmp|/var/tmp)/* ]] && "${become[@]}" test -r "$1"
}

# The same without mounts: copies, of no more than it takes.
copy_to_stage() {
	local build=${launcher%/*/*} file
	if ! in_reach "$demo/rows.sh"; then
		cp -R "$demo" "$stage/demo"
		demo=$stage/demo
	fi
	if [[ -x $launcher && -e $build/shim/.libs/libprivtmp.so ]] && ! in_reach "$launcher"; then
		for file in tools/privtmp tools/reaper shim/.libs/libprivtmp.so; do
			mkdir -p "$stage/build/${file%/*}"
			cp "$build/$file" "$stage/build/$file"
		done
		launcher=$stage/build/tools/privtmp
	fi
	chmod -R a+rX "$stage"
	for file in "$demo/rows.sh" "$launcher"; do
		[[ ! -e $file ]] || in_reach "$file" || {
			echo "demo: user $victim_uid cannot reach $file: try a checkout elsewhere" >&2
			exit 1
		}
	done
}

# What victims and attackers have strewn about in the guarded directories. Where these are the
# demo's own, by the stage's names for them: they are to be emptied, and root must not ever empty
# a /tmp that is not the demo's.
find_strewn() {
	if [[ -n $DEMO_ISOLATED ]]; then
		strewn=("$stage/tmp"/* "$stage/vartmp"/*)
	else
		strewn=(/tmp/demo-* /var/tmp/demo-* /tmp/ARJTEMP.\$0[0])
	fi
}

clear_stage() {
	local file litter=()
	find_strewn
	for file in "$victim_home"/* "$attacker_home"/* "${strewn[@]}"; do
		[[ $file == "$victim_home"/@(notes|payroll.txt) ]] || litter+=("$file")
	done
	[[ ${#litter[@]} == 0 ]] || rm -rf "${litter[@]}"
	printf '%s\n' "Ann 3100 $secret" 'Bob 2900' 'Cid 3300' >"$victim_home/payroll.txt"
	echo "$precious" >"$victim_home/notes"
}

# What of the victim's or of privtmp's is still in a guarded directory, or nothing. Among others'
# files in the real /tmp it cannot be told apart, nor one user's from the same user's.
left_behind() {
	local mine=(-name '.privtmp-*')
	[[ -z $DEMO_USERS ]] || mine+=(-o -user "$victim_uid")
	[[ -z $DEMO_ISOLATED ]] || find /tmp /var/tmp -mindepth 1 \( "${mine[@]}" \) -print -quit
}

# as victim|attacker COMMAND...: without privileges, and at home.
as() {
	local uid=$victim_uid become=()
	HOME=$victim_home
	if [[ $1 == attacker ]]; then
		uid=$attacker_uid HOME=$attacker_home
	fi
	shift
	if [[ -n $DEMO_USERS ]]; then
		become=(setpriv --reuid "$uid" --regid "$uid" --clear-groups)
	elif [[ -n $DEMO_ISOLATED ]]; then
		become=(setpriv --ambient-caps -all --inh-caps -all)
	fi
	cd "$HOME" || exit
	"${become[@]}" "$@"
}
