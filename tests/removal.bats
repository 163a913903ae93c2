# SPDX-License-Identifier: LGPL-2.1-or-later
# Whatever a program leaves in its /tmp is removed; and what cannot be is named,
# and keeps nothing else from going.
#
# shellcheck disable=SC2016,SC2030,SC2031 # what is quoted is expanded by an inner shell

load common
load run

setup() {
	REMOVAL=$PROGS/removal
	STRANGER=
}

teardown() {
	local left

	[[ -z $STRANGER ]] || kill "$STRANGER" 2>/dev/null || :
	for left in $(new_sessions); do
		chattr -R -i "$left" 2>/dev/null || :
		umount "$left"/tmp/mount "$left"/.r*/mount 2>/dev/null || :
		rm -rf "$left"
	done
}

# nothing_left: neither a session, nor a word about it.
nothing_left() {
	assert_output "${1:-}"
	assert_no_session 0
}

# root_left: the root of the one session that is left.
root_left() {
	new_sessions | grep ^/tmp/
}

# one_line NAME ERROR: this, which is left, is named.
one_line() {
	assert_equal "${#lines[@]}" 1
	assert_output --regexp "^privtmp: /tmp/\\.privtmp-[^/]*: $1: $2 \\([0-9]+\\); what could not be removed .*"
}

@test "directories 10,000 deep are removed" {
	run -0 shimmed sh -c 'cd /tmp && exec "$0" deep:10000' "$REMOVAL"
	nothing_left
}

@test "directories that may not be read, written or searched are removed" {
	run -0 shimmed sh -c 'cd /tmp && exec "$0" shut' "$REMOVAL"
	nothing_left
}

@test "a plain user's, too, though nothing but the mode is in the way" {
	need_users
	cd /
	# rm alone does not get through it.
	run -1 as_user env -C /tmp sh -c 'mkdir rm && cd rm && "$0" shut; rm -rf /tmp/rm 2>/dev/null' "$REMOVAL"
	chmod -R u+rwX /tmp/rm
	rm -rf /tmp/rm
	run -0 as_user env LD_PRELOAD="$SHIM" sh -c 'cd /tmp && exec "$0" shut' "$REMOVAL"
	nothing_left
}

@test "what other identities have made and closed is removed" {
	need_users
	run -0 shimmed sh -c '
		for id in '"$TEST_UID $OTHER_UID"'; do
			setpriv --reuid=$id --regid=$id --clear-groups sh -c "umask 077
				mkdir /tmp/$id /tmp/$id/d; echo x >/tmp/$id/d/f; chmod 0 /tmp/$id/d /tmp/$id"
		done
		ls /tmp'
	nothing_left "$TEST_UID"$'\n'"$OTHER_UID"
}

@test "a link is removed, and where it leads nothing is" {
	local out

	out=$(scratch)
	mkdir "$out/dir"
	echo kept >"$out/dir/file"
	chmod 555 "$out/dir"
	run -0 shimmed sh -c 'cd /tmp; mkdir d; ln -s "$0/dir" l; ln -s "$0/dir" d/l; ln -s "$0/dir/file" f
		ln -s / root; ln -s ../.. up; ln -s /proc/self/root d/proc; mkfifo p; ln "$0/dir/file" hard; :' "$out"
	assert_no_session 0
	assert_equal "$(cat "$out/dir/file")" kept
	assert_equal "$(stat -c '%a' "$out/dir")" 555
}

# with_stranger MAKE STEP...: a program that has done MAKE ends, while a stranger to
# the session takes the steps in the program's /tmp.
with_stranger() {
	local make=$1 root

	shift
	[[ $(id -u) -eq 0 ]] || skip "needs root, to reach into a session"
	rm -f "$BATS_TEST_TMPDIR/go"
	mkfifo "$BATS_TEST_TMPDIR/go"
	shimmed sh -c "cd /tmp && $make"' && echo >ready && read -r line' "$REMOVAL" \
		<>"$BATS_TEST_TMPDIR/go" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	PROGRAM=$!
	wait_until 10 is_ready || fail "$(cat "$BATS_TEST_TMPDIR/out")"
	root=$(root_left)
	env -C "$(echo "$root"/*/tmp)" "$REMOVAL" "$@" 3>&- &
	STRANGER=$!
	sleep 0.1
	echo >"$BATS_TEST_TMPDIR/go"
	SECONDS=0
	wait "$PROGRAM" || :
	# Not because the stranger had ended before.
	kill -0 "$STRANGER" 2>/dev/null || [[ ${1%%:*} == grow ]]
}

is_ready() {
	[[ -n $(root_left) && -e $(echo "$(root_left)"/*/tmp/ready) ]]
}

@test "a directory that turns into a link while it is removed is not followed" {
	local out try

	out=$(scratch)
	mkdir "$out/dir"
	touch "$out"/dir/{1..40}
	for ((try = 0; try < 4; try++)); do
		with_stranger "\"\$0\" files:2000 && ln -s '$out/dir' link && mkdir a && touch a/{1..40}" \
			swap:a:link:3000
		kill "$STRANGER"
		wait "$STRANGER" || :
		assert_equal "$(find "$out/dir" -type f | wc -l)" 40
		no_new_session || run -0 "$PRIVTMP" sweep
		assert_no_session
	done
}

@test "what a stranger makes grow does not hold the end up, and is swept later" {
	with_stranger 'mkdir grow' grow:20000
	((SECONDS < 10)) || fail "took $SECONDS seconds"
	kill "$STRANGER" 2>/dev/null || :
	wait "$STRANGER" || :
	no_new_session || run -0 "$PRIVTMP" sweep
	assert_no_session
}

@test "a mount point is not crossed, it is named, and all else is removed" {
	local root

	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount"
	unshare --mount true || skip "needs a mount namespace"
	run -0 shimmed sh -c 'cd /tmp && "$0" files:50 deep:20 && mkdir sub sub/mount mount && touch sub/f &&
		mount -t tmpfs inner mount && touch mount/inside' "$REMOVAL"
	one_line mount 'Device or resource busy'
	root=$(root_left)
	run -0 find "$root" -mindepth 1 ! -path "$root/lease" -printf '%f\n'
	assert_output --regexp $'^(tmp|\\.r[0-9]+)\nmount\ninside$'
	umount "$root"/*/mount "$root"/.r*/mount 2>/dev/null || :
	run -0 "$PRIVTMP" sweep
	assert_no_session 0
}

@test "sweep empties nothing that is mounted in a root, by a name that removal uses itself either" {
	need_worlds
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -1 world mode=1777 sh -c '
		mkdir -p /var/tmp/precious/dir
		echo x >/var/tmp/precious/file
		mkdir -m 700 /tmp/.privtmp-0123456789abcdefghijkl
		mkdir /tmp/.privtmp-0123456789abcdefghijkl/.r5
		touch -d "2 minutes ago" /tmp/.privtmp-0123456789abcdefghijkl
		mount --bind /var/tmp/precious /tmp/.privtmp-0123456789abcdefghijkl/.r5
		"$0" sweep
		status=$?
		cat /var/tmp/precious/file
		exit $status' "$PRIVTMP"
	assert_line x
	assert_line --partial "/.r5: cannot be removed: Device or resource busy"
}

@test "what is made to look like a root is swept, whatever lies where its lease would be" {
	need_worlds
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 world mode=1777 sh -c '
		cd /tmp
		for what in "mkdir -p lease/dir" "mkfifo lease" "ln -s /etc/passwd lease" "mkdir lease.99 hints"; do
			root=.privtmp-012345678901234567890$((i += 1))
			mkdir -m 700 $root
			(cd $root && eval "$what")
			touch -d "2 minutes ago" $root
		done
		"$0" sweep && ls -A' "$PRIVTMP"
	assert_output ""
}

@test "what a later mount hides is removed, and what is in a root that was renamed" {
	local dir how

	need_worlds
	dir=$(scratch)
	mkfifo "$dir/go"
	for how in "mount -t tmpfs over /tmp" "mv /tmp/.privtmp-?????????????????????? /tmp/renamed"; do
		rm -f "$dir/made"
		# shellcheck disable=SC2016 # expanded by the inner shell
		run -0 world mode=1777 sh -c '
			LD_PRELOAD=$0 sh -c "mkdir /tmp/d; echo secret | tee /tmp/x >/tmp/d/y
				echo made >$1/made; read -r word <$1/go" &
			until [ -s "$1/made" ]; do sleep 0.05; done
			eval "$2"
			echo go >"$1/go"
			wait
			[ "${2#mount}" = "$2" ] || umount /tmp
			for i in $(seq 100); do
				[ "$(find /tmp -type f 2>/dev/null)" ] || break
				sleep 0.1
			done
			find /tmp -type f 2>/dev/null' "$SHIM" "$dir" "$how"
		assert_output ""
	done
}

sweeps_in_vain() { # FILE, for what it says
	local ret=0

	"$PRIVTMP" sweep >"$1" 2>&1 || ret=$?
	((ret == 1))
}

@test "an immutable file is named, and all else is removed" {
	local root try

	touch /tmp/try-$$
	if ! chattr +i /tmp/try-$$ 2>/dev/null; then
		rm -f /tmp/try-$$
		skip "this file system, or this user, cannot make a file immutable"
	fi
	chattr -i /tmp/try-$$
	rm -f /tmp/try-$$
	# The helper may be first to try: it, too, has to be told of.
	for ((try = 0; try < 6; try++)); do
		run -0 shimmed sh -c 'cd /tmp && "$0" files:20 && mkdir d d/e && touch d/e/fixed d/e/f && chattr +i d/e/fixed' \
			"$REMOVAL"
		one_line fixed 'Operation not permitted'
		root=$(root_left)
		run -0 find "$root" -type f ! -path "$root/lease" -printf '%f\n'
		assert_output fixed
		# While the helper is at it, too, sweep leaves it to that.
		wait_until 5 sweeps_in_vain "$BATS_TEST_TMPDIR/told"
		grep -q fixed "$BATS_TEST_TMPDIR/told"
		chattr -R -i "$root"
		run -0 "$PRIVTMP" sweep
		assert_no_session 0
	done
}

# in_fixed LETTER SCRIPT: run SCRIPT where /tmp has this attribute of chattr(1).
in_fixed() {
	need_worlds
	run world mode=1777 sh -c '
		chattr "+$1" /tmp 2>/dev/null || exit 98
		eval "$2"
		chattr "-$1" /tmp
		ls -A /tmp' sh "$1" "$2"
	[[ $status -ne 98 ]] || skip "a tmpfs here has no such attributes"
}

@test "where nothing can be removed from /tmp, the files go all the same, and one line says what stays" {
	local how stays

	stays="cannot be removed: Operation not permitted \\(1\\); take the attributes a and i off the directory that it lies in \\(chattr -a -i\\), then run privtmp sweep"
	for how in 'LD_PRELOAD=$SHIM' '"$PRIVTMP" run'; do
		in_fixed a "$how"' sh -c "mkdir /tmp/d; echo x | tee /tmp/x >/tmp/d/x"; find /tmp -type f'
		assert_success
		assert_equal "${#lines[@]}" 2
		assert_line -n 0 --regexp "^privtmp: /tmp/\.privtmp-[^/]*: $stays"
	done
	in_fixed a 'LD_PRELOAD=$SHIM sh -c "mkdir /tmp/d; echo x | tee /tmp/x >/tmp/d/x; kill -KILL \$\$"
		sleep 1; find /tmp -type f; "$PRIVTMP" sweep'
	assert_line --regexp "^privtmp: /tmp/\.privtmp-[^/]*: $stays"
	refute_line --regexp "/x$"
}

@test "an immutable directory is named as what it is" {
	local how

	for how in 'LD_PRELOAD=$SHIM' '"$PRIVTMP" run'; do
		in_fixed i "$how"' sh -c "test -e /tmp/x"'
		assert_output "privtmp: /tmp: no private directory can be made here: Operation not permitted (1); it is immutable: take that off (chattr -i), or set PRIVTMP_ROOT"
	done
}

@test "a root that a mount hides is named, whoever has its name now" {
	local whose dir

	need_worlds
	need_users
	dir=$(scratch)
	mkfifo "$dir/made" "$dir/go"
	for whose in : 'setpriv --reuid="$OTHER_UID" --clear-groups mkdir -m 755 $root'; do
		run -0 world mode=1777 bash -c '
			"$PRIVTMP" run sh -c "echo secret >/tmp/x; echo >$1/made; read -r word <$1/go" &
			read -r word <$1/made
			root=$(echo /tmp/.privtmp-*)
			mount -t tmpfs -o mode=1777 over /tmp
			eval "$2"
			echo go >"$1/go"
			wait' bash "$dir" "$whose"
		assert_equal "${#lines[@]}" 1
		assert_output --regexp "^privtmp: /tmp/\.privtmp-[^/]*: is left: something is mounted over it, or it was renamed; undo that, then run privtmp sweep$"
	done
}

@test "removal goes by descriptors: no path leads it through what the program made" {
	command -v strace >/dev/null || skip "needs strace"
	run -0 strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -E LD_PRELOAD="$SHIM" \
		-e trace=unlink,unlinkat,rmdir,rename,renameat,renameat2,chmod,fchmodat \
		sh -c 'mkdir -p /tmp/a/b/c; touch /tmp/a/b/c/f; chmod 0 /tmp/a/b/c; ln -s / /tmp/a/l'
	assert_no_session
	run -0 grep -oE '"[^"]*"' "$BATS_TEST_TMPDIR/trace"
	assert_line '"c"'
	# One component, or a root and what is the shim's own in it.
	run -1 grep -vE '^"([^/]+|/(var/)?tmp/\.privtmp-[^/]{22}|[^/]{11}(/var)?/tmp|/proc/self/fd/[0-9]+|var/tmp|/tmp/\.privtmp-[^/]*/[^/]*/tmp/a/b/c)"$' \
		<<<"$output"
	assert_output ""
}
