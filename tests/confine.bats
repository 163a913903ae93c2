# SPDX-License-Identifier: LGPL-2.1-or-later
# confine: what gets past the shim reaches the shared directories, unless the kernel is
# told, too; and what that breaks, or cannot have, is said.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded in there; subshells; for others

load common
load run

DIRECT=$PROGS/confine

# arena SCRIPT [ARG]...: as root, where /tmp, /var/tmp and /mnt are its own; else it is
# the machine's /tmp, and a user namespace.
arena() {
	local how=(unshare --mount --propagation private)

	# In a namespace with a root of its own "/" would be nobody's, and no session made.
	(($(id -u) == 0)) || how=(unshare --user --map-current-user --keep-caps
		--mount --propagation private)
	"${how[@]}" true 2>/dev/null || skip "needs a mount namespace"
	run timeout 60 "${how[@]}" bash -c '
		for dir in /tmp /var/tmp /mnt; do
			mount -t tmpfs -o mode=1777 tmpfs "$dir" || exit 99
		done
		'"$1" bash "${@:2}"
	((status != 99)) || skip "needs to mount a tmpfs"
}

# need_landlock: of a version that can be used.
need_landlock() {
	run "${RUN[@]}" --confine true
	((status == 0)) || skip "no Landlock here: $output"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has paths of its own"
}

# past HOW FILE...: by a way past the shim: bare, under the shim, and confined.
past() {
	arena '
		echo theirs >/tmp/x; chmod 666 /tmp/x
		"$1" "$2" /tmp/x
		env LD_PRELOAD="$4" "$1" "$2" /tmp/x
		"$3" run --confine -- "$1" "$2" /tmp/x
		env LD_PRELOAD="$4" PRIVTMP_CONFINE=yes "$1" "$2" /tmp/x
		ls -A /tmp' "$DIRECT" "$1" "$PRIVTMP" "$SHIM"
	[[ ${lines[0]:-} ]] || skip "not on this machine"
}

@test "a system call of the program's own opens the shared file, unless it is confined" {
	need_landlock
	past direct
	assert_output $'ok\nok\nEACCES\nEACCES\nx'
}

@test "the same by a descriptor of the root directory, and by procfs" {
	need_landlock
	past descriptor
	assert_output $'ok\nok\nEACCES\nEACCES\nx'
	past procfs
	assert_output $'ok\nok\nEACCES\nEACCES\nx'
}

@test "the same by io_uring" {
	need_landlock
	past uring
	assert_output $'ok\nok\nEACCES\nEACCES\nx'
}

@test "the same by a file handle" {
	[[ $(id -u) -eq 0 ]] || skip "needs root, for handles"
	need_landlock
	past handle
	[[ ${lines[0]} == ok ]] || skip "no handles here: ${lines[0]}"
	assert_output $'ok\nok\nEACCES\nEACCES\nx'
}

@test "a file is not moved away; what the kernel does not ask for goes on: stat" {
	need_landlock
	arena '"$1" stat /mnt; touch /tmp/x; "$3" run --confine -- "$1" rename /tmp/x
		"$3" run --confine -- "$1" stat /tmp/x' "$DIRECT" - "$PRIVTMP"
	assert_output $'ok\nEACCES\nok'
}

@test "a static program has no /tmp at all, by run's own child" {
	need_landlock
	${CC:-cc} -static -o "$BATS_TEST_TMPDIR/static" "$PRIVTMP_SOURCE/tests/progs/run_static.c" ||
		skip "needs a static libc"
	arena 'mkdir /mnt/bin && cp "$1" /mnt/bin/static
		"$2" run --uncovered warn -- sh -c "/mnt/bin/static /tmp/bare; echo \$?" 2>/dev/null; ls /tmp
		"$2" run --confine -- sh -c "/mnt/bin/static /tmp/x; echo \$?"; ls /tmp' \
		"$BATS_TEST_TMPDIR/static" "$PRIVTMP"
	assert_output $'0\nbare\n3\nbare'
}

@test "in the session all is as it was: files, links, renames, sockets, programs, /var/tmp" {
	need_landlock
	arena '
		script="cd /tmp && mkdir d && echo x >d/a && mv d/a d/b && ln d/b d/c && ln -s d/b l &&
			cat l && cp \$TRUE t && ./t && /tmp/t && mkfifo f && mktemp -u >/dev/null &&
			echo y >/var/tmp/v && mv /var/tmp/v /tmp/v && rm -r d l t f v && ls"
		"$1" run --confine -- sh -c "$script"; echo $?
		env LD_PRELOAD="$2" PRIVTMP_CONFINE=yes sh -c "$script"; echo $?
		ls -A /tmp /var/tmp' "$PRIVTMP" "$SHIM"
	assert_output $'x\n0\nx\n0\n/tmp:\n\n/var/tmp:'
}

@test "a link that was there before leads into the view once the kernel has refused it" {
	need_landlock
	arena '
		ln -s /tmp/file /mnt/link; ln -s /tmp /mnt/dir; echo m >/mnt/m
		echo shared >/tmp/file
		"$1" run -- sh -c "echo leak >/mnt/link"
		cat /tmp/file
		"$1" run --confine -- sh -c "echo private >/mnt/link; cat /tmp/file
			mv /mnt/m /mnt/dir/m; mkdir /mnt/dir/d; ln -s x /mnt/dir/s; ls /tmp
			cp \$ECHO /tmp/e; /mnt/dir/e ran; rm /mnt/dir/file"
		ls /tmp; cat /tmp/file' "$PRIVTMP"
	assert_output $'leak\nprivate\nd\nfile\nm\ns\nran\nfile\nleak'
}

@test "shared paths that are there stay so; others are refused" {
	need_landlock
	arena '
		mkdir /tmp/.X11-unix /tmp/agent; touch /tmp/.X0-lock /tmp/agent/s
		XAUTHORITY=/tmp/agent/s "$1" run --confine --share "/tmp/a[g]*/t*" -- sh -c "
			echo 1 >/tmp/.X11-unix/x; echo 2 >/tmp/.X0-lock; echo 3 >/tmp/agent/s
			echo 4 2>/dev/null >/tmp/.X5-lock || echo refused
			"
		cat /tmp/.X11-unix/x /tmp/.X0-lock /tmp/agent/s; ls /tmp/agent' "$PRIVTMP"
	assert_output --partial $'refused'
	assert_output --partial $'\n1\n2\n3\ns'
}

@test "without Landlock there is no session, by onfail, and one line says why" {
	local error words

	for error in 38:"has no Landlock" 95:"is switched off" 1:"is refused here"; do
		words=${error#*:}
		run -125 "$DIRECT" without "${error%%:*}" "${RUN[@]}" --confine true
		assert_line --regexp "^privtmp: PRIVTMP_CONFINE=yes: .*$words"
		assert_equal "${#lines[@]}" 1
		run "$DIRECT" without "${error%%:*}" env PRIVTMP_CONFINE=yes LD_PRELOAD="$SHIM" \
			sh -c "echo runs; echo x >/tmp/$NAME"
		assert_failure
		assert_line runs
		assert_line --regexp "$words"
		[[ ! -e /tmp/$NAME ]]
		# Who would rather go on has a session all the same, and is told.
		run -0 "$DIRECT" without "${error%%:*}" "${RUN[@]}" --confine --onfail pass \
			sh -c "echo x >/tmp/$NAME"
		assert_output --partial "$words"
		[[ ! -e /tmp/$NAME ]]
		run -0 "$DIRECT" without "${error%%:*}" "${RUN[@]}" --confine=auto true
		assert_output ""
	done
}

@test "a guarded directory below /run, /dev or /home is refused with the reason" {
	need_landlock
	for dir in /dev/shm /run/x /home; do
		run -125 "${RUN[@]}" --confine --guard "$dir" true
		assert_output --regexp "^privtmp: $dir: cannot be confined: "
		run -0 "${RUN[@]}" --confine=auto --guard "$dir" true
	done
	run -125 "${RUN[@]}" --confine --scope process true
	assert_output --partial "use the scope tree"
}

@test "the directory where it starts, and that of the shim, can be used below /tmp" {
	need_landlock
	arena '
		mkdir -m 755 /tmp/own /tmp/shim /tmp/other; cd /tmp/own; echo mine >file
		"$1" run --confine -- sh -c "cat file; echo x >made; cat /tmp/other/* 2>&1; ls /tmp"
		ls; cd /
		mkdir -p /tmp/shim/shim/.libs /tmp/shim/tools
		cp "$2" /tmp/shim/shim/.libs; cp "$1" "$3" /tmp/shim/tools
		/tmp/shim/tools/privtmp run --confine -- sh -c "echo private >/tmp/x; sh -c \"cat /tmp/x\""
		ls /tmp' "$PRIVTMP" "$SHIM" "$REAPER"
	assert_output "mine
cat: '/tmp/other/*': No such file or directory
own
file
made
private
other
own
shim"
}

@test "auto confines where nothing is broken by it, and only there" {
	need_landlock
	need_users
	arena '
		as="setpriv --reuid=$4 --regid=$4 --clear-groups --inh-caps=-all"
		touch /tmp/x; chmod 666 /tmp/x
		# As root; with rights to gain; where namespaces can be had.
		"$1" without namespaces "$2" run --confine=auto "$1" direct /tmp/x
		$as "$2" run --confine=auto "$1" direct /tmp/x
		$as --no-new-privs "$2" run --confine=auto "$1" direct /tmp/x
		$as "$1" without namespaces "$2" run --confine=auto "$1" direct /tmp/x
		$as "$1" without namespaces env PRIVTMP_CONFINE=auto LD_PRELOAD="$3" "$1" direct /tmp/x' \
		"$DIRECT" "$PRIVTMP" "$SHIM" "$TEST_UID"
	# The third is for the machine to say: a user namespace may be refused to all.
	assert_line --index 0 ok
	assert_line --index 1 ok
	assert_line --index 3 EACCES
	assert_line --index 4 EACCES
}

@test "a plain user is confined without privilege, and gains none from then on" {
	need_landlock
	need_users
	run -0 as_user "$PRIVTMP" run --confine sh -c 'grep NoNewPrivs /proc/self/status; echo x >/tmp/x'
	assert_line --regexp 'NoNewPrivs:.*1'
	assert_no_session
}

@test "no session is made in a confined one; the helper stays outside and removes it" {
	need_landlock
	run -125 "${RUN[@]}" --confine "$PRIVTMP" run true
	assert_output --partial "in a confined session"
	# Killed, all of them.
	run -137 env LD_PRELOAD="$SHIM" PRIVTMP_CONFINE=yes sh -c 'echo x >/tmp/x; kill -KILL $$'
	assert_no_session
	# By itself, and gone before its exit returns.
	env LD_PRELOAD="$SHIM" PRIVTMP_CONFINE=yes sh -c 'echo x >/tmp/x; echo y >/var/tmp/y'
	assert_equal "$(new_sessions)" ""
}

@test "members inherit the domain, and install no other; enter stays outside" {
	need_landlock
	command -v strace >/dev/null || skip "needs strace"
	run -0 strace -f -qq -e trace=landlock_restrict_self -o "$LOG" \
		"$PRIVTMP" run --confine sh -c 'sh -c "/bin/true; sh -c true"; true'
	assert_equal "$(grep -c "landlock_restrict_self.* = 0" "$LOG")" 1
	arena '
		touch /tmp/x
		"$2" run --confine -- sh -c "echo p >/tmp/p; echo \$\$ >/mnt/pid; exec sleep 20" &
		for i in $(seq 50); do [ ! -s /mnt/pid ] || break; sleep 0.2; done
		"$2" enter "$(cat /mnt/pid)" -- sh -c "cat /tmp/p; $1 direct /tmp/x; ls -l /proc/$(cat /mnt/pid)/fd >/dev/null && echo seen"
		kill "$(cat /mnt/pid)"; wait' "$DIRECT" "$PRIVTMP"
	assert_output --partial $'p\nok\nseen'
}

@test "after chroot the new root's /tmp is private, and the domain stays" {
	[[ $(id -u) -eq 0 ]] || skip "needs root, for chroot"
	command -v perl >/dev/null || skip "needs perl"
	need_landlock
	arena '
		mkdir /mnt/tmp; chmod 1777 /mnt/tmp
		"$1" run --confine -- perl -e "chroot(q(/mnt)) or die; chdir(q(/));
			open(F, q(>/tmp/a)) or print \"\$!\n\"; print -e q(/tmp/a) ? q(there) : q(absent);"
		for i in $(seq 100); do [ -n "$(ls -A /mnt/tmp)" ] || break; sleep 0.2; done
		ls -A /mnt/tmp' "$PRIVTMP"
	assert_output "there"
}

@test "unit offers confine where the unit has no reason against it" {
	local units=$HOME/.config/systemd/user

	export HOME=$BATS_TEST_TMPDIR/home
	unset XDG_CONFIG_HOME
	units=$HOME/.config/systemd/user
	mkdir -p "$units"
	printf '[Service]\nExecStart=/bin/true\n' >"$units/a.service"
	run -0 "$PRIVTMP" unit --user a
	assert_line '#Environment="PRIVTMP_CONFINE=yes"'
	assert_line '#NoNewPrivileges=yes'
	run -0 "$PRIVTMP" unit --user --confine a
	assert_line 'Environment="PRIVTMP_CONFINE=yes"'
	assert_line 'NoNewPrivileges=yes'
	printf '[Service]\nExecStart=/bin/true\nNoNewPrivileges=no\n' >"$units/a.service"
	run -0 "$PRIVTMP" unit --user a
	refute_output --partial CONFINE
	run -0 "$PRIVTMP" unit --user --scope root a
	refute_output --partial CONFINE
	run -0 "$PRIVTMP" unit --user --confine a
	refute_line 'NoNewPrivileges=yes'
}
