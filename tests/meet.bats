# SPDX-License-Identifier: LGPL-2.1-or-later
# PRIVTMP_SCOPE=root: all that have the same root directory meet in one session, which is
# there until somebody removes it.
#
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a subshell; run.bash reads some

load common
load run

ROOT_NAME=.privtmp-0000000000000000000000
ROOT_SECRET=00000000000

setup() {
	NAME=privtmp-meet-$$-$RANDOM
	STRANGE='' # what a test has started and teardown must end
	LOG=$BATS_TEST_TMPDIR/log
	DIR=$BATS_TEST_TMPDIR/root
	mkdir -m 755 "$DIR"
	export PRIVTMP_SCOPE=root PRIVTMP_ROOT=$DIR
	cd /
}

@test "programs that do not descend from one another share what they make" {
	run -0 shimmed sh -c "echo one >/tmp/$NAME; echo two >/var/tmp/$NAME"
	[[ ! -e /tmp/$NAME && ! -e /var/tmp/$NAME ]]
	run -0 shimmed cat "/tmp/$NAME" "/var/tmp/$NAME"
	assert_output $'one\ntwo'
	run -0 shimmed sh -c "rm /tmp/$NAME; ls -A /tmp"
	assert_output ""
	run -0 ls -A "$DIR"
	assert_output "$ROOT_NAME"
	assert_no_session
}

@test "another root is another session, and one's own descendants are in it" {
	mkdir "$DIR/a" "$DIR/b"
	run -0 env PRIVTMP_ROOT="$DIR/a" LD_PRELOAD="$SHIM" \
		sh -c "touch /tmp/$NAME; sh -c 'ls /tmp'; PRIVTMP_ROOT=$DIR/b ls /tmp"
	assert_output "$NAME"$'\n'"$NAME"
	run -0 env PRIVTMP_ROOT="$DIR/b" LD_PRELOAD="$SHIM" ls -A /tmp
	assert_output ""
}

@test "of many that begin at once, all are in the same one" {
	local n

	for n in $(seq 12); do
		shimmed sh -c "echo $n >/tmp/$n" 3>&- &
	done
	wait
	run -0 shimmed sh -c 'cat /tmp/* | sort -n'
	assert_output "$(seq 12)"
}

@test "who is first may die, or be cut short, before the hints are written" {
	local what

	for what in "mkdir -m 700 $DIR/$ROOT_NAME; : >$DIR/$ROOT_NAME/hints" \
		"truncate -s 0 $DIR/$ROOT_NAME/hints"; do
		sh -c "$what"
		run -0 shimmed sh -c 'echo x >/tmp/x; ln -sfn / /tmp/l; ls /tmp'
		assert_output $'l\nx'
	done
}

@test "what others with the same pid are writing there, in containers, is not taken from them" {
	local before

	mkdir -m 700 "$DIR/$ROOT_NAME"
	(cd "$DIR/$ROOT_NAME" && seq -f 'lease.%.0f' "$BASHPID" "$((BASHPID + 3000))" | xargs touch)
	before=$(find "$DIR/$ROOT_NAME" -name 'lease.*' | sort)
	run -0 shimmed sh -c 'echo x >/tmp/x; cat /tmp/x'
	assert_output x
	[[ $(find "$DIR/$ROOT_NAME" -name 'lease.*' | sort) == "$before" ]]
}

# A container's own file system: no mapping holds a lock there.
@test "on an overlay all meet in one session, too, and none is swept from under another" {
	need_worlds
	# shellcheck disable=SC2016 # expanded by the inner shell
	run unshare --mount --propagation private bash -c '
		mount -t tmpfs -o mode=755 scratch "$PRIVTMP_ROOT" && cd "$PRIVTMP_ROOT" &&
			mount -t tmpfs -o mode=1777 shm /dev/shm && mkdir l u w m &&
			mount -t overlay -o lowerdir=l,upperdir=u,workdir=w over m || exit 99
		export PRIVTMP_ROOT=$PRIVTMP_ROOT/m LD_PRELOAD=$SHIM
		cd /
		for n in $(seq 6); do sh -c "echo $n >/tmp/$n" & done
		wait
		coproc sh -c "echo ready; read line; cat /tmp/*"
		exec 7<&"${COPROC[0]}" # bash closes its own when the coprocess has ended
		read -r line <&7
		"$PRIVTMP" sweep --all
		echo go >&"${COPROC[1]}"
		cat <&7
		unset LD_PRELOAD
		find "$PRIVTMP_ROOT" /dev/shm -name "lease*"'
	[[ $status -ne 99 ]] || skip "needs overlayfs"
	assert_output "$(seq 6)"$'\n'"$DIR/m/$ROOT_NAME/lease"
}

@test "death removes nothing, sweep --all does, when nobody is in it" {
	# shellcheck disable=SC2016
	start env LD_PRELOAD="$SHIM" sh -c 'echo x >/tmp/x; echo ready; exec sleep 60'
	wait_until 10 logged ready
	"$PRIVTMP" sweep --all
	[[ -e $DIR/$ROOT_NAME/$ROOT_SECRET/tmp/x ]]
	kill -KILL "$PID"
	ends "$PID" 137
	"$PRIVTMP" sweep
	run -0 shimmed cat /tmp/x
	assert_output x
	"$PRIVTMP" sweep --all
	[[ -z $(ls -A "$DIR") ]]
	# And from there it begins again.
	run -0 shimmed ls -A /tmp
	assert_output ""
}

@test "it needs a root, and is not for privtmp run" {
	run ! env -u PRIVTMP_ROOT LD_PRELOAD="$SHIM" touch "/tmp/$NAME"
	assert_line --index 0 --partial "PRIVTMP_SCOPE: root: "
	assert_line --index 0 --partial "set PRIVTMP_ROOT, too"
	[[ ! -e /tmp/$NAME ]]
	run -125 "$PRIVTMP" run true
	one_line "scope root: is not for run"
	run -125 env -u PRIVTMP_SCOPE "$PRIVTMP" run --scope root true
	one_line "--scope root: is not for run; use tree or process"
	cp "$(type -P true)" "$BATS_TEST_TMPDIR/legacy"
	run -2 "$PRIVTMP" wrap --scope root "$BATS_TEST_TMPDIR/legacy"
	one_line "--scope root: is not for wrap; use tree or process"
	cmp "$(type -P true)" "$BATS_TEST_TMPDIR/legacy"
	[[ -z $(ls -A "$DIR") ]]
}

@test "what another user could have made or can change is not met" {
	need_users
	local place

	place=$(scratch)/place
	install -d -o "$OTHER_UID" -m 755 "$place"
	# There is one already, with all that belongs to it, of before it was closed.
	as_other env PRIVTMP_ROOT="$place" LD_PRELOAD="$SHIM" sh -c 'echo planted >/tmp/x'
	chown "$TEST_UID" "$place"
	run ! as_user env PRIVTMP_ROOT="$place" LD_PRELOAD="$SHIM" cat /tmp/x
	refute_output --partial planted
	run ! as_user env PRIVTMP_ROOT="$place" LD_PRELOAD="$SHIM" sh -c 'echo secret >/tmp/x'
	assert_equal "$(cat "$place/$ROOT_NAME/$ROOT_SECRET/tmp/x")" planted
	rm -r "${place:?}/$ROOT_NAME"
	as_other mkdir "$DIR.other" 2>/dev/null || mkdir "$DIR.other"
	ln -s "$DIR.other" "$place/$ROOT_NAME"
	chown -h "$OTHER_UID" "$place/$ROOT_NAME"
	run ! as_user env PRIVTMP_ROOT="$place" LD_PRELOAD="$SHIM" sh -c 'echo secret >/tmp/x'
	[[ -z $(ls -A "$DIR.other") ]]
	rm "$place/$ROOT_NAME"
	chmod 777 "$place"
	run ! as_user env PRIVTMP_ROOT="$place" LD_PRELOAD="$SHIM" sh -c 'echo secret >/tmp/x'
	[[ -z $(ls -A "$place") ]]
}

@test "a directory in which others can make names is no root to meet at" {
	local mode

	for mode in 1777 775; do
		mkdir "$BATS_TEST_TMPDIR/open"
		chmod "$mode" "$BATS_TEST_TMPDIR/open"
		run ! env PRIVTMP_ROOT="$BATS_TEST_TMPDIR/open" LD_PRELOAD="$SHIM" \
			touch "/tmp/$NAME"
		assert_line --partial "set PRIVTMP_ROOT to a directory in which nobody but you or root can write"
		[[ ! -e /tmp/$NAME ]]
		rmdir "$BATS_TEST_TMPDIR/open"
	done
}

@test "nor one below a directory in which others can put another in its place" {
	local above=$BATS_TEST_TMPDIR/above mode

	mkdir -p "$above/place"
	run -0 env PRIVTMP_ROOT="$above/place" LD_PRELOAD="$SHIM" touch "/tmp/$NAME"
	for mode in 777 775; do
		chmod "$mode" "$above"
		# The session is there, and is not joined.
		run ! env PRIVTMP_ROOT="$above/place" LD_PRELOAD="$SHIM" ls "/tmp/$NAME"
		refute_line "/tmp/$NAME"
		assert_output --partial 'Operation not permitted'
	done
	chmod 755 "$above"
	run -0 env PRIVTMP_ROOT="$above/place" LD_PRELOAD="$SHIM" ls "/tmp/$NAME"
	assert_output "/tmp/$NAME"
}
