#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The mount door: programs that no library gets into have the session's /tmp, too.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # bats: subshells, and its variables

load common
load run
load door

setup() {
	NAME=privtmp-door-$$-$RANDOM
	LOG=$BATS_TEST_TMPDIR/log
	STRANGE=''
	TOOL=("$PRIVTMP")
	RUN=("$PRIVTMP" run)
	need_door
	not_nested_sanitizer
	make_static
}

# no_keeper: none of this test's is left. One that has ended has no arguments any more.
no_keeper() {
	! pgrep -f "privtmp-door .*$STATIC" >/dev/null
}

@test "a static program has a private /tmp, which is gone when it ends" {
	local who

	for who in root user container; do
		run -0 as "$who" "${RUN[@]}" "$STATIC" run "$STATIC" put "/tmp/$NAME" x
		assert_output ''
		[[ ! -e /tmp/$NAME ]]
		run -0 as "$who" "${RUN[@]}" "$STATIC" run sh -c \
			"$STATIC put /var/tmp/$NAME private; cat /var/tmp/$NAME"
		assert_output private
		[[ ! -e /var/tmp/$NAME ]]
		assert_no_session
	done
	wait_until 5 no_keeper
}

@test "static and dynamic programs see one /tmp, four levels deep" {
	local who

	for who in root user container; do
		run -0 as "$who" "${RUN[@]}" "$STATIC" run sh -c "
			echo one >/tmp/$NAME
			exec $STATIC run bash -c '
				echo two >>/tmp/$NAME
				exec $STATIC run $STATIC get /tmp/$NAME'"
		assert_output $'one\ntwo'
		[[ ! -e /tmp/$NAME ]]
	done
}

@test "what a dynamic member hands over, the door takes; and both write to one file" {
	local who

	for who in root user container; do
		run -0 as "$who" "${RUN[@]}" sh -c "
			echo one >/tmp/$NAME
			$DOOR -- $STATIC get /tmp/$NAME
			$DOOR --argv0 other -- /bin/sh -c 'echo \$0' </dev/null
			$DOOR -- $STATIC put /tmp/$NAME two
			cat /tmp/$NAME"
		assert_output $'one\nother\ntwo'
	done
}

@test "a shim inside stands aside without an environment, too" {
	run -0 as_user "${RUN[@]}" "$STATIC" run env -i LD_PRELOAD="$SHIM" bash -c "
		echo one >/tmp/$NAME
		$STATIC get /tmp/$NAME"
	assert_output one
}

@test "privtmp run inside makes a session of its own" {
	run -0 as_user "${RUN[@]}" "$STATIC" run sh -c "
		echo outer >/tmp/$NAME
		$PRIVTMP run -- sh -c '[ ! -e /tmp/$NAME ] && echo inner >/tmp/$NAME'
		$PRIVTMP run -- $STATIC put /tmp/$NAME inner
		cat /tmp/$NAME; ls -A /tmp"
	assert_output $'outer\n'"$NAME"
}

@test "--backend mount forces the door, preload forbids it, and auto takes what serves" {
	run -0 "${RUN[@]}" --backend mount --verbose true
	assert_output --partial 'by mounts'
	run -125 "${RUN[@]}" --backend preload "$STATIC" get /dev/null
	one_line "$STATIC: statically linked"
	run -0 "${RUN[@]}" --backend auto --verbose "$STATIC" get /dev/null
	assert_output --partial 'by mounts, because it is statically linked'
	run -0 "${RUN[@]}" --verbose true
	assert_output --partial "with $SHIM"
	run -125 "${RUN[@]}" --backend neither true
	one_line 'use auto, preload or mount'
}

@test "exit status and death come through, and no child is left to wait for" {
	run -7 "${RUN[@]}" "$STATIC" run sh -c 'exit 7'
	run -137 as_user "${RUN[@]}" "$STATIC" run sh -c 'kill -KILL $$'
	run -137 as_user "${RUN[@]}" --backend mount sh -c 'kill -KILL $$'
	run -126 "${RUN[@]}" --backend mount /etc/passwd
	run -127 "${RUN[@]}" --backend mount /no/such/command
}

@test "who waits for orphans, or is the first process of all, waits for none of the door's" {
	local who

	${CC:-cc} -o "$STATIC.dynamic" "$PRIVTMP_SOURCE/tests/progs/door.c"
	for who in root user container; do
		run -0 as "$who" timeout 20 "${RUN[@]}" "$STATIC" adopt "$STATIC" run true
		run -0 as "$who" timeout 20 env LD_PRELOAD="$SHIM" \
			"$STATIC.dynamic" adopt "$STATIC" run true
	done
	run -0 timeout 20 "${RUN[@]}" unshare --pid --fork --mount-proc \
		sh -c "exec $STATIC run true"
	assert_no_session
}

@test "in a namespace of processes to which /proc does not belong, it opens, too" {
	local who

	for who in root user container; do
		run -0 unshare --pid --fork "$BASH" -c "$(declare -f as as_user as_id)
			as \"\$@\"" bash "$who" "${RUN[@]}" "$STATIC" put "/tmp/$NAME" x
		[[ ! -e /tmp/$NAME ]]
	done
}

@test "in a user namespace already, of one user and without root, it opens, too" {
	local script="echo x >/tmp/$NAME; $STATIC get /tmp/$NAME; id -u"

	run -0 as_user unshare --user --map-current-user \
		"${RUN[@]}" --backend mount "$STATIC" run sh -c "$script"
	assert_output $'x\n'"$TEST_UID"
	run -0 unshare --user --map-root-user \
		"${RUN[@]}" --backend mount "$STATIC" run sh -c "$script"
	assert_output $'x\n0'
	[[ ! -e /tmp/$NAME ]]
	assert_no_session
	wait_until 5 no_keeper
}

@test "a daemon that closes every descriptor keeps its /tmp, and then it is gone" {
	local who out root

	for who in root user container; do
		out=$(scratch)/out
		start as "$who" "${RUN[@]}" "$STATIC" daemon "/tmp/$NAME" "$out"
		wait_until 10 logged_daemon
		sleep 0.2
		root=$(sessions_of "$who")
		[[ -d $root ]]
		(umask 0; : >"$out")
		wait_until 10 test -s "$out"
		assert_equal "$(cat "$out")" 'still here'
		ends "$PID" 0 5
		[[ ! -d $root ]]
	done
}

# The daemon is there, and has made its file.
logged_daemon() {
	pgrep -f "^$STATIC daemon" >/dev/null
}

# sessions_of WHO: the roots of that user's.
sessions_of() {
	find /tmp -mindepth 1 -maxdepth 1 -name '.privtmp-*' -user "$(as "$1" id -u)" -newer "$STATIC"
}

@test "a session whose static member is killed is gone a second later" {
	start as_user "${RUN[@]}" "$STATIC" run "$STATIC" daemon "/tmp/$NAME" /nowhere/out
	wait_until 10 logged_daemon
	# shellcheck disable=SC2046 # a list
	kill -KILL $(pgrep -f "^$STATIC daemon")
	ends "$PID" 0 2
	assert_no_session
	wait_until 2 no_keeper
}

@test "what is shared is there, at a name and by a pattern, and a directory of one's own" {
	local own=/tmp/$NAME.own

	mkdir -m 1777 "/tmp/$NAME.dir"
	echo shared >"/tmp/$NAME.file"
	as_user mkdir -p "$own/below"
	as_user sh -c "echo own >$own/below/file"
	cd "$own/below"
	run -0 as_user "${RUN[@]}" --share "/tmp/$NAME.dir" --share "/tmp/$NAME.f*" "$STATIC" run sh -c "
		$STATIC put /tmp/$NAME.dir/made x; cat /tmp/$NAME.file file $own/below/file; pwd"
	cd /
	rm -r "$own" "/tmp/$NAME.file"
	assert_output $'shared\nown\nown\n'"$own/below"
	run -0 cat "/tmp/$NAME.dir/made"
	rm -r "/tmp/$NAME.dir"
	assert_output x
}

@test "what is shared below a directory, guests of the session reach, too" {
	mkdir -p "/tmp/$NAME.dir/below"
	echo shared >"/tmp/$NAME.dir/below/file"
	run -0 "${RUN[@]}" --share "/tmp/$NAME.dir/below" sh -c "umask 077
		$STATIC get /tmp/$NAME.dir/below/file
		setpriv --reuid=$TEST_UID --regid=$TEST_UID --clear-groups \
			sh -c '$STATIC get /tmp/$NAME.dir/below/file; umask >&2'"
	rm -r "/tmp/$NAME.dir"
	assert_output $'shared\nshared\n0077'
	assert_no_session
}

@test "a link in the place of what is shared is not followed" {
	local aim

	aim=$(scratch)
	as_other ln -s "$aim" "/tmp/$NAME.share"
	run -0 as_user "${RUN[@]}" --share "/tmp/$NAME.share" "$STATIC" run sh -c \
		"ls -A /tmp; mkdir /tmp/$NAME.share && $STATIC put /tmp/$NAME.share/x x"
	as_other rm "/tmp/$NAME.share"
	assert_output ''
	[[ -z $(ls -A "$aim") ]]
}

@test "the working directory is what it was, below /tmp by the view's name" {
	run -0 as_user "${RUN[@]}" sh -c "mkdir /tmp/$NAME; cd /tmp/$NAME; echo x >f
		$DOOR -- $STATIC get f; $DOOR -- /bin/pwd"
	assert_output $'x\n'"/tmp/$NAME"
	cd /usr/lib
	run -0 as_user "${RUN[@]}" --backend mount pwd
	assert_output /usr/lib
	cd /tmp
	run -0 as_user "${RUN[@]}" --backend mount sh -c 'pwd; ls -A'
	assert_output /tmp
}

@test "descriptors of directories do not lead to the shared one" {
	echo shared >"/tmp/$NAME"
	run -1 as_user "${RUN[@]}" "$STATIC" at 5 "tmp/$NAME" 5</
	run -1 as_user "${RUN[@]}" "$STATIC" at 5 "$NAME" 5</tmp
	run -1 as_user "${RUN[@]}" "$STATIC" at 5 "../tmp/$NAME" 5</usr
	run -0 "$STATIC" at 5 "tmp/$NAME" 5</
	rm "/tmp/$NAME"
	assert_output shared
}

@test "there are no more capabilities than without" {
	local who bare

	for who in root user container; do
		bare=$(as "$who" grep ^Cap /proc/self/status)
		run -0 as "$who" "${RUN[@]}" "$STATIC" get /proc/self/status
		assert_equal "$(grep ^Cap <<<"$output")" "$bare"
	done
	bare=$(as container setpriv --securebits=+no_setuid_fixup,+no_setuid_fixup_locked setpriv -d)
	run -0 as container setpriv --securebits=+no_setuid_fixup,+no_setuid_fixup_locked \
		"${RUN[@]}" --backend mount setpriv -d
	assert_output "$bare"
	assert_output --partial no_setuid_fixup_locked
}

@test "who has dropped capabilities, and can get none by exec, has no more behind the door" {
	local bare

	bare=$("$STATIC" less "$STATIC" get /proc/self/status | grep -E '^Cap(Prm|Eff)')
	[[ $bare == *00800000c1 ]]
	run -0 "$STATIC" less "${RUN[@]}" "$STATIC" get /proc/self/status
	assert_equal "$(grep -E '^Cap(Prm|Eff)' <<<"$output")" "$bare"
	run -0 "$STATIC" less env LD_PRELOAD="$SHIM" sh -c "echo >/tmp/$NAME; $STATIC get /proc/self/status"
	assert_equal "$(grep -E '^Cap(Prm|Eff)' <<<"$output")" "$bare"
}

@test "who is root without CAP_SYS_ADMIN can be others, and give files away" {
	run -0 as container "${RUN[@]}" --backend mount sh -c "
		: >/tmp/$NAME && chown $TEST_UID:$TEST_UID /tmp/$NAME && stat -c %u:%g /tmp/$NAME
		setpriv --reuid=$TEST_UID --regid=$TEST_UID --clear-groups sh -c 'id -u; echo x >>/tmp/$NAME'"
	assert_output "$TEST_UID:$TEST_UID"$'\n'"$TEST_UID"
}

@test "a call that a filter refuses has another in its place, or one line says so" {
	local call line="the mount door does not open: a seccomp filter is in the way"

	for call in open_tree move_mount statmount inotify_add_watch; do
		[[ $call != inotify* ]] || continue
		run -0 as_user "$PROGS/refuse" 1 "$(number_of "$call")" -- \
			"${RUN[@]}" "$STATIC" run sh -c "echo x >/tmp/$NAME; $STATIC get /tmp/$NAME"
		assert_output x
	done
	for call in unshare mount; do
		for error in 1 38; do
			run -125 as_user "$PROGS/refuse" "$error" "$call" -- "${RUN[@]}" "$STATIC" get /dev/null
			one_line "$STATIC: statically linked: no library can be loaded into it; and $line; have the container or service allow unshare(2) and mount(2)"
			run -125 as_user "${RUN[@]}" "$PROGS/refuse" "$error" "$call" -- \
				"$DOOR" -- "$STATIC" get /dev/null
			one_line "$STATIC: $line: $call"
		done
		run -125 as_user "$PROGS/refuse" kill "$call" -- "${RUN[@]}" "$STATIC" get /dev/null
		one_line "a seccomp filter kills who asks for it"
		run -125 as_user "${RUN[@]}" "$PROGS/refuse" kill "$call" -- "$DOOR" -- "$STATIC" get /dev/null
		one_line "a seccomp filter kills who asks for it"
	done
	assert_no_session
}

# number_of CALL: those that headers may be too old for.
number_of() {
	case $1 in
	open_tree) echo 428 ;;
	move_mount) echo 429 ;;
	statmount) echo 457 ;;
	esac
}

@test "a limit of namespaces is named" {
	run -125 as_user unshare --user --map-root-user sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces
		echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"' sh "${RUN[@]}" "$STATIC" get /dev/null
	one_line "user.max_user_namespaces is 0"
	# With the remedy of that, not of what the library lacks.
	run -1 as_user unshare --user --map-root-user sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces
		echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"' sh "$PRIVTMP" status "$STATIC"
	assert_line --regexp "^  why .*statically linked.*max_user_namespaces is 0\\); raise it by sysctl$"
}

@test "after chroot there is no door for a plain user" {
	local root

	root=$(scratch)
	mkdir -p "$root/proc" "$root/tmp"
	chmod 1777 "$root/tmp"
	cp "$STATIC" "$root/static"
	cp "$DOOR" "$root/door"
	run -125 unshare --mount chroot --userspec="$TEST_UID:$TEST_UID" "$root" /door -- /static get /x
	one_line "no session"
}

# in_jail COMMAND [ARG]...: with a directory as root that has this system's programs, and is
# no mount point; BIND=yes makes it one.
in_jail() {
	local jail

	jail=$(scratch)
	mkdir -m 1777 "$jail/tmp"
	mkdir -p "$jail/proc" "$jail$PRIVTMP_BUILD"
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -c '
		jail=$1 build=$2
		shift 2
		[ "${BIND:-}" != yes ] || mount --bind "$jail" "$jail" || exit 99
		for dir in /usr /bin /sbin /lib /lib32 /lib64; do
			if [ -L "$dir" ]; then
				cp -P "$dir" "$jail$dir"
			elif [ -d "$dir" ]; then
				mkdir -p "$jail$dir"
				mount --rbind "$dir" "$jail$dir"
			fi || exit 99
		done
		mount --bind "$build" "$jail$build" && mount --rbind /proc "$jail/proc" || exit 99
		exec chroot "$@"' sh "$jail" "$PRIVTMP_BUILD" "$jail" "$@"
}

@test "after chroot the reason is named, and the remedy helps" {
	run in_jail true
	[[ $status -ne 99 ]] || skip "nothing can be mounted here"
	run -125 in_jail "${RUN[@]}" --backend mount true
	one_line "the root directory is no mount point after chroot(2); start it from outside, or mount"
	BIND=yes run -0 in_jail "${RUN[@]}" --backend mount sh -c 'echo x >/tmp/x; ls /tmp'
	assert_output x
	run -125 in_jail setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
		"${RUN[@]}" --backend mount true
	one_line "there are no user namespaces after chroot(2); start it from outside"
}

find_root_of_other() {
	find /tmp -mindepth 1 -maxdepth 1 -name '.privtmp-*' -user "$OTHER_UID" | grep .
}

@test "privtmp-door believes no one else's session, and none without one" {
	local root long=30.$RANDOM

	run -125 as_user "$DOOR" -- "$STATIC" get /dev/null
	one_line "there is no session to run it in"
	start as_other "${RUN[@]}" sleep "$long"
	wait_until 10 find_root_of_other
	root=$(find_root_of_other)
	run -125 as_user env PRIVTMP_SESSION="-:0:0:$root" "$DOOR" -- "$STATIC" get /dev/null
	one_line "there is no session to run it in"
	run -0 as_other env PRIVTMP_SESSION="-:0:0:$root" "$DOOR" -- "$STATIC" get /dev/null
	kill "$(pgrep -f "^sleep $long")"
	wait_until 10 gone "$PID"
}

@test "a set-user-ID program is not let in where it would lose that" {
	local dir

	dir=$(scratch)
	cp "$STATIC" "$dir/setuid"
	chmod 4755 "$dir/setuid"
	run -125 as_user "${RUN[@]}" "$dir/setuid" get /dev/null
	one_line "it would lose"
	run -0 as_user "${RUN[@]}" --backend mount "$STATIC" run "$dir/setuid" get /proc/self/status
	assert_line --regexp "^Uid:.$TEST_UID.$TEST_UID"
	chown "$OTHER_UID" "$dir/setuid"
	chmod 4755 "$dir/setuid"
	run -0 "${RUN[@]}" "$dir/setuid" get /proc/self/status
	assert_line --regexp "^Uid:.0.$OTHER_UID"
}

@test "list, status and enter know who came in by mounts" {
	local root long=60.$RANDOM

	start as_user "${RUN[@]}" "$STATIC" run sleep "$long"
	wait_until 10 pgrep -f "^sleep $long"
	run -0 as_user "$PRIVTMP" list
	assert_line --regexp "^ +[0-9]+ \(by mounts\) sleep $long"
	refute_output --partial privtmp-reaper
	run -0 as_user "$PRIVTMP" list --format json
	assert_output --partial '"door": "mount"'
	run -0 as_user "$PRIVTMP" status "$(pgrep -f "^sleep $long")"
	assert_output --regexp 'door +mount'
	run -0 as_user "${RUN[@]}" "$STATIC" run "$PRIVTMP" explain /tmp/x /etc/passwd
	assert_line --index 0 --partial "/tmp/x -> /tmp/x (private: a session is mounted over the guarded directory /tmp"
	root=$(find /tmp -mindepth 1 -maxdepth 1 -name '.privtmp-*' -user "$TEST_UID")
	run -0 as_user "$PRIVTMP" enter "${root##*-}" "$STATIC" put "/tmp/$NAME" entered
	run -0 as_user "$PRIVTMP" enter "${root##*-}" cat "/tmp/$NAME"
	assert_output entered
	run -0 "$PRIVTMP" enter "${root##*-}" "$STATIC" put "/tmp/$NAME" "by root"
	run -0 as_user "$PRIVTMP" enter "${root##*-}" cat "/tmp/$NAME"
	assert_output "by root"
	kill "$(pgrep -f "^sleep $long")"
	wait_until 10 gone "$PID"
}

@test "ambient capabilities are not lost without a word" {
	local set=(setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups
		"--inh-caps=-all,+net_bind_service" "--ambient-caps=-all,+net_bind_service")

	run -0 "${set[@]}" "$STATIC" get /proc/self/status
	assert_line --regexp '^CapEff:.0*400$'
	run -125 "${set[@]}" "${RUN[@]}" "$STATIC" get /proc/self/status
	one_line "it would lose its capabilities"
	run -125 "${set[@]}" env PRIVTMP_UNCOVERED=mount LD_PRELOAD="$SHIM" \
		sh -c "$STATIC get /proc/self/status"
	one_line "it would lose its capabilities"
	run -0 "${set[@]}" env LD_PRELOAD="$SHIM" \
		sh -c "$STATIC get /proc/self/status; $STATIC put /tmp/$NAME x; :"
	assert_line --regexp '^CapEff:.0*400$'
	[[ ! -e /tmp/$NAME ]] || rm "/tmp/$NAME"
}

@test "privtmp-door refuses to work with the rights of another" {
	local dir

	dir=$(scratch)
	cp "$DOOR" "$dir/door"
	chmod 4755 "$dir/door"
	run -125 as_user "${RUN[@]}" --uncovered warn "$dir/door" -- "$STATIC" get /dev/null
	run -125 as_user "$dir/door" -- "$STATIC" get /dev/null
	one_line "does not open with the rights of another"
}

# -- What differs, as libprivtmp(7) says --

@test "a link or rename between /tmp and elsewhere fails with EXDEV" {
	local dir

	dir=$(scratch)
	run -0 as_user "${RUN[@]}" "$STATIC" run sh -c "
		$STATIC put /tmp/$NAME x
		$STATIC move /tmp/$NAME $dir/moved; $STATIC link /tmp/$NAME $dir/linked; :"
	assert_output $'Invalid cross-device link\nInvalid cross-device link'
}

@test "others' files are nobody's, and groups are nogroup, for a plain user" {
	run -0 setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$OTHER_UID" --inh-caps=-all \
		"${RUN[@]}" --backend mount sh -c 'stat -c %u /etc/passwd; id -G; id -u'
	assert_output "$(cat /proc/sys/kernel/overflowuid)"$'\n'"$TEST_UID $(cat /proc/sys/kernel/overflowgid)"$'\n'"$TEST_UID"
	run -0 "${RUN[@]}" --backend mount stat -c %u /etc/passwd
	assert_output 0
}

@test "the backing's name stands in mountinfo" {
	run -0 as_user "${RUN[@]}" "$STATIC" get /proc/self/mountinfo
	assert_output --regexp '/\.privtmp-[0-9A-Za-z]{22}/[0-9A-Za-z]{11}/tmp /tmp '
}

@test "what is mounted for the program, nobody else sees" {
	local who before long=60.$RANDOM

	for who in root user container; do
		before=$(cat /proc/self/mountinfo)
		start as "$who" "${RUN[@]}" "$STATIC" run sleep "$long"
		wait_until 10 pgrep -f "^sleep $long"
		assert_equal "$(cat /proc/self/mountinfo)" "$before"
		kill "$(pgrep -f "^sleep $long")"
		wait_until 10 gone "$PID"
	done
}
