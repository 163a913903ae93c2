# SPDX-License-Identifier: LGPL-2.1-or-later
# Starts below a guarded directory, a shim that lies there itself, and what the dynamic
# linker searches there: one's own stays as it is, and what others can write to is
# refused, or led into the backing. Each attack is shown without the shim, too.
#
# shellcheck disable=SC2016 # expanded by the inner shell

load common

setup() {
	need_users
	need_own_tmp
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizer's run-time is loaded before"
	OWN=/tmp/own
	OPEN=/tmp/open
	install -d -o "$TEST_UID" -m 755 "$OWN" "$OWN/sub"
	install -d -o "$TEST_UID" -m 777 "$OPEN"
	install -d -o "$TEST_UID" -m 755 "$OPEN/sub"
	cd /
}

teardown() {
	has_own_tmp || return 0
	cd /
	rm -rf /tmp/* /var/tmp/*
}

# victim COMMAND [ARG]...: under the shim SHIM, as the user that is attacked.
victim() {
	as_user env LD_PRELOAD="$SHIM" "$@"
}

# build DIRECTORY: a copy of what was built, in the same places.
build() {
	mkdir -p "$1/shim/.libs" "$1/tools"
	cp "$SHIM" "$1/shim/.libs/"
	cp "$PRIVTMP" "$REAPER" "$1/tools/"
	chown -R "$TEST_UID" "$1"
}

# evil FILE: a library of the attacker's that says in whom it is.
evil() {
	cat >"$BATS_TEST_TMPDIR/evil.c" <<-'END'
		#include <stdio.h>
		#include <unistd.h>
		int needed(void) { return 0; }
		__attribute__((constructor)) static void evil(void)
		{
			char name[4096] = "";

			if (readlink("/proc/self/exe", name, sizeof name - 1) > 0)
				fprintf(stderr, "EVIL in %s\n", name);
		}
	END
	${CC:-cc} -shared -fPIC -o "$BATS_TEST_TMPDIR/evil.so" "$BATS_TEST_TMPDIR/evil.c" ||
		skip "needs a compiler"
	as_other mkdir -p "${1%/*}"
	install -o "$OTHER_UID" -m 755 "$BATS_TEST_TMPDIR/evil.so" "$1"
}

# needy: makes NEEDY, a program that prints its argument, and needs libneeded.so.
needy() {
	local dir

	dir=$(scratch)
	echo 'int needed(void) { return 0; }' |
		${CC:-cc} -shared -fPIC -Wl,-soname,libneeded.so -o "$dir/libneeded.so" -x c - ||
		skip "needs a compiler"
	printf '%s\n' '#include <stdio.h>' 'int needed(void);' \
		'int main(int argc, char **argv) { return puts(argv[argc - 1]) < 0 || needed(); }' |
		${CC:-cc} -o "$dir/needy" -x c - -L"$dir" -lneeded \
			-Wl,--enable-new-dtags,-rpath,"$dir"
	NEEDY=$dir/needy
}

@test "a working directory of one's own below /tmp stays as it is, by each name" {
	cd "$OWN/sub"
	echo here >file
	run -0 victim sh -c 'pwd; cat file /tmp/own/sub/file; echo new >made; echo x >/tmp/a
		ls -A /tmp; sh -c "ls -A /tmp; cat made ../sub/made"'
	assert_output $'/tmp/own/sub\nhere\nhere\na\nown\na\nown\nnew\nnew'
	assert_equal "$(cat "$OWN/sub/made")" new
	[[ ! -e /tmp/a ]]
	run -0 as_user "$PRIVTMP" run -- sh -c 'pwd; cat file; echo x >/tmp/a; ls -A /tmp'
	assert_output $'/tmp/own/sub\nhere\na\nown'
	[[ ! -e /tmp/a ]]
}

@test "so does root's, to a user, and a closed one below which nobody else gets" {
	chown root "$OWN"
	cd "$OWN/sub"
	run -0 victim sh -c 'echo new >made; cat /tmp/own/sub/made; echo x >/tmp/a'
	assert_output new
	chown "$TEST_UID" "$OWN"
	chmod 700 "$OWN"
	chmod 777 "$OWN/sub"
	run -0 victim sh -c 'cat made; echo x >/tmp/a; ls -A /tmp'
	assert_output $'new\na\nown'
	[[ ! -e /tmp/a ]]
}

@test "one that others can write to, or that is another's, is refused in one line" {
	local place

	chmod 777 "$OWN/sub"
	install -d -o "$OTHER_UID" -m 755 /tmp/other /tmp/other/sub
	install -d -o "$TEST_UID" /tmp/other/sub/own
	for place in "$OPEN" "$OPEN/sub" "$OWN/sub" /tmp/other /tmp/other/sub/own; do
		cd "$place"
		run ! victim sh -c 'echo x >/tmp/a'
		assert_line --partial "$place: others can write to the working directory"
		assert_line --partial "Permission denied"
		run ! victim sh -c 'echo x >a'
		[[ ! -e a && ! -e /tmp/a ]]
		run -125 as_user "$PRIVTMP" run -- true
		assert_output "privtmp: $place: others can write to the working directory, or to what leads to it; start from another directory, or close it to others (chmod go-w)"
	done
}

@test "with onfail pass it goes on there, says so, and is private elsewhere" {
	cd "$OPEN/sub"
	run -0 victim env PRIVTMP_ONFAIL=pass sh -c 'echo x >rel; echo x >/tmp/a; ls -A /tmp'
	assert_line --partial "relative paths are not private"
	assert_line a
	[[ -e rel && ! -e /tmp/a ]]
}

@test "the owner's directory that was removed, and made anew by another, is not met" {
	local line

	cd "$OWN"
	coproc victim sh -c 'cd /; rm -r /tmp/own; echo gone; read -r line
		echo x >/tmp/own/file; ls -A /tmp/own; echo end'
	exec 7<&"${COPROC[0]}" # bash closes its own when the coprocess has ended
	read -r -t 10 line <&7
	assert_equal "$line" gone
	cd /
	as_other sh -c 'umask 0; mkdir /tmp/own; touch /tmp/own/planted'
	echo >&"${COPROC[1]}"
	run -0 timeout 10 cat <&7
	exec 7<&-
	assert_output end
	[[ ! -e $OWN/file ]]
}

@test "a shim that lies below /tmp itself is found by children, and protects them" {
	build "$OWN/build"
	run -0 as_user env LD_PRELOAD="$OWN/build/shim/.libs/libprivtmp.so" \
		sh -c 'echo x >/tmp/a; ls -A /tmp; sh -c "ls -A /tmp; sh -c \"ls -A /tmp\""'
	assert_output $'a\nown\na\nown\na\nown'
	[[ ! -e /tmp/a ]]
	run -0 as_user "$OWN/build/tools/privtmp" run -- sh -c \
		'echo x >/tmp/a; ls -A /tmp; sh -c "ls -A /tmp"; /tmp/own/build/tools/privtmp run -- ls -A /tmp'
	assert_output $'a\nown\na\nown\nown'
	cd "$OWN/build"
	run -0 as_user tools/privtmp run -- sh -c 'echo x >/tmp/a; ls -A /tmp; ls tools/privtmp'
	assert_output $'a\nown\ntools/privtmp'
	cp "$SHIM" /tmp/libprivtmp.so
	chown "$TEST_UID" /tmp/libprivtmp.so
	run -0 as_user env LD_PRELOAD=/tmp/libprivtmp.so sh -c 'echo x >/tmp/a; sh -c "ls -A /tmp"'
	assert_output $'a\nlibprivtmp.so\nown'
	[[ ! -e /tmp/a ]]
	assert_no_session
}

@test "one whose place others can take is refused, and no child runs without it" {
	local lib

	cp "$SHIM" "$OPEN/"
	install -o "$OTHER_UID" -m 755 "$SHIM" /tmp/libprivtmp.so
	for lib in "$OPEN/libprivtmp.so" /tmp/libprivtmp.so; do
		run ! as_user env LD_PRELOAD="$lib" sh -c 'echo x >/tmp/a'
		assert_line --partial "$lib: others can replace this shim"
		run ! as_user env LD_PRELOAD="$lib" sh -c 'ls -A /tmp'
		refute_line open
		assert_line --partial "Permission denied"
		[[ ! -e /tmp/a ]]
	done
	build "$OPEN/build"
	run -125 as_user "$OPEN/build/tools/privtmp" run -- true
	assert_output --partial "others can replace this shim"
	run -0 as_user env PRIVTMP_ONFAIL=pass LD_PRELOAD="$OPEN/libprivtmp.so" ls /tmp
	assert_line --partial "runs unprotected"
	assert_line open
}

@test "in a user namespace no directory of another user's is one's own" {
	local map

	install -d -o "$OTHER_UID" -m 755 /tmp/theirs
	echo shared >/tmp/theirs/x
	for map in --map-root-user --map-current-user --map-user=65534; do
		as_user unshare --user "$map" true || skip "needs user namespaces"
		run as_user unshare --user "$map" env -C /tmp/theirs LD_PRELOAD="$SHIM" cat x
		refute_line shared
		assert_output --partial privtmp:
	done
	run -0 as_user unshare --user --map-user=65534 env -C "$OWN" LD_PRELOAD="$SHIM" \
		sh -c 'echo mine >x; cat x'
	assert_output mine
	[[ -e $OWN/x ]]
	# Nor is one's own shim another's.
	chmod 755 "$OWN"
	install -o "$TEST_UID" -m 755 "$SHIM" "$OWN/shim.so"
	run -0 as_user unshare --user --map-user=65534 env LD_PRELOAD="$OWN/shim.so" \
		sh -c 'cd / && echo mine >/tmp/x; cat /tmp/x'
	assert_output mine
}

@test "a dynamic linker that is executed opens the private program, whatever it is called" {
	local loader dir name way

	loader=$(readelf -lW "$PROGS/starts" | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	[[ -n $loader ]] || skip "needs readelf"
	dir=$(scratch)
	cp "$loader" "$dir/copy"
	ln -s "$loader" "$dir/link"
	cp "$(type -P echo)" /tmp/program
	echo shared >/tmp/x
	for name in "$loader" "$dir/copy" "$dir/link"; do
		for way in execve spawn number fexecve execveat; do
			run -0 "$PROGS/uncovered" "$way" "$name" /tmp/program shared
			assert_output shared
			run ! shimmed "$PROGS/uncovered" "$way" "$name" /tmp/program shared
			refute_line shared
		done
		# Not even musl's loses the shim by a list of its own.
		for way in --preload= "--preload /none.so" --preload=/none.so; do
			# shellcheck disable=SC2086 # two words
			run shimmed "$PROGS/uncovered" execve "$name" $way "$(type -P cat)" /tmp/x
			refute_line shared
		done
		printf '#!%s /tmp/program\n' "$name" >"$dir/script"
		chmod +x "$dir/script"
		run -0 "$PROGS/uncovered" execve "$dir/script" shared
		assert_output "$dir/script shared"
		run ! shimmed "$PROGS/uncovered" execve "$dir/script" shared
		refute_line "$dir/script shared"
		run -126 "$PRIVTMP" run --backend preload -- "$dir/script" shared
		assert_output --partial "$name: a dynamic linker as the interpreter of a script"
		run ! "$PRIVTMP" run -- "$dir/script" shared
		refute_line "$dir/script shared"
		# Nor by the launcher.
		run ! "$PRIVTMP" run -- "$name" /tmp/program shared
		refute_line shared
		assert_output --partial /tmp/program
		run -0 "$PRIVTMP" run -- "$name" "$(type -P echo)" /tmp/program
		assert_output /tmp/program
		run -0 shimmed sh -c 'cp "$1" /tmp/program; exec "$2" /tmp/program own' sh \
			"$(type -P echo)" "$name"
		assert_output own
	done
}

@test "what is merely called like a dynamic linker is given its arguments as they are" {
	local dir name way

	dir=$(scratch)
	cp "$PROGS/uncovered_show" "$dir/ld-show.so"
	printf '#!/bin/sh\necho "argument $1"\n' >"$dir/ld.so-show"
	chmod +x "$dir/ld.so-show"
	for name in ld-show.so ld.so-show; do
		for way in execve spawn number fexecve execveat; do
			run -0 shimmed "$PROGS/uncovered" "$way" "$dir/$name" /tmp/x
			assert_line "argument /tmp/x"
		done
	done
}

@test "libraries that another user puts where LD_LIBRARY_PATH looks are not loaded" {
	local command

	needy
	evil /tmp/lib/libneeded.so
	run env LD_LIBRARY_PATH=/tmp/lib "$NEEDY" /etc
	assert_output --partial "EVIL in"
	run -0 as_user env LD_LIBRARY_PATH=/tmp/lib "$PRIVTMP" run -- "$NEEDY" /etc
	assert_output /etc
	run -0 as_user "$PRIVTMP" run -- sh -c \
		"LD_LIBRARY_PATH=/tmp/lib '$PRIVTMP' enter \$\$ -- $NEEDY /etc"
	assert_output /etc
	run -0 as_user "$PRIVTMP" run -- sh -c "mkdir /tmp/lib
		LD_LIBRARY_PATH=/tmp/lib '$PRIVTMP' run -- sh -c 'echo \$LD_LIBRARY_PATH; $NEEDY /etc'"
	assert_output $'/tmp/lib\n/etc'
	# Children of who has the shim, by each spelling.
	for command in LD_LIBRARY_PATH={/tmp/lib,/opt:/tmp/lib,/var/../tmp/lib,//tmp/./lib}" $NEEDY /etc" \
		"cd /; LD_LIBRARY_PATH=tmp/lib $NEEDY /etc"; do
		run -0 victim sh -c "$command"
		assert_output /etc
	done
	run -0 victim sh -c 'export LD_LIBRARY_PATH=/opt:/tmp/lib; sh -c "echo \$LD_LIBRARY_PATH"'
	assert_output /opt:/tmp/lib
}

@test "nor where it cannot be seen for a moment whether an element leads there" {
	local fault refused=0

	command -v strace >/dev/null || skip "needs strace"
	strace -qq -o /dev/null -e inject=getppid:error=EIO true 2>/dev/null ||
		skip "strace cannot inject faults here"
	needy
	evil /tmp/lib/libneeded.so
	run env LD_LIBRARY_PATH=/var/../tmp/lib "$NEEDY" /etc
	assert_output --partial "EVIL in"
	for fault in {1..12}; do
		run strace -qq -o "$BATS_TEST_TMPDIR/trace" -P /var/. \
			-e inject=readlinkat:error=EIO:when="$fault" -E LD_PRELOAD="$SHIM" \
			sh -c "LD_LIBRARY_PATH=/var/../tmp/lib; export LD_LIBRARY_PATH; exec $NEEDY /etc"
		refute_output --partial "EVIL"
		[[ $output != *"Input/output error"* ]] || ((++refused))
	done
	# Asked whether it leads there, for its room, and when it is written.
	((refused >= 3)) || fail "refused $refused times: $(cat "$BATS_TEST_TMPDIR/trace")"
}

@test "nor by a shell that libc starts, and the program sees its own list" {
	command -v python3 >/dev/null || skip "needs python3"
	needy
	evil /tmp/lib/libneeded.so
	cat >"$BATS_TEST_TMPDIR/starts.py" <<-END
		import ctypes, os
		libc = ctypes.CDLL(None)
		libc.getenv.restype = ctypes.c_char_p
		libc.popen.restype = ctypes.c_void_p
		libc.pclose.argtypes = [ctypes.c_void_p]
		os.environ["LD_LIBRARY_PATH"] = "/tmp/lib"
		libc.system(b"$NEEDY /etc")
		print(libc.getenv(b"LD_LIBRARY_PATH").decode(), flush=True)
		libc.pclose(libc.popen(b"$NEEDY /usr", b"r" if False else b"w"))
		print(libc.getenv(b"LD_LIBRARY_PATH").decode(), flush=True)
	END
	run python3 "$BATS_TEST_TMPDIR/starts.py"
	assert_output --partial "EVIL in"
	run -0 env LD_PRELOAD="$SHIM" python3 "$BATS_TEST_TMPDIR/starts.py"
	assert_output $'/etc\n/tmp/lib\n/usr\n/tmp/lib'
}

@test "nor where a relative name in it leads after a change of directory" {
	local load='import ctypes, os, sys
os.chdir(sys.argv[1])
try: ctypes.CDLL("libneeded.so")
except OSError as error: print(error)'
	local how from list to

	command -v python3 >/dev/null || skip "needs python3"
	evil /tmp/lib/libneeded.so
	for how in /usr=tmp/lib=/ /usr/lib=../tmp/lib=/usr /usr=nothing:tmp/lib=/; do
		IFS='=' read -r from list to <<<"$how"
		cd "$from"
		run -0 as_user env LD_LIBRARY_PATH="$list" python3 -c "$load" "$to"
		assert_output --partial "EVIL in"
		run -0 victim env LD_LIBRARY_PATH="$list" python3 -c "$load" "$to"
		refute_output --partial "EVIL"
		assert_output --partial "the dynamic linker would look for libraries there, in the shared"
		run -0 as_user env LD_LIBRARY_PATH="$list" LD_PRELOAD="$SHIM" python3 -c "$load" "$to"
		refute_output --partial "EVIL"
		# Elsewhere it says what it says without the shim.
		run -0 victim env LD_LIBRARY_PATH="$list" python3 -c "$load" /usr/lib
		assert_output "libneeded.so: cannot open shared object file: No such file or directory"
	done
}

@test "privtmp itself loads nothing that LD_PRELOAD, LD_AUDIT or LD_LIBRARY_PATH name" {
	local name

	readelf -l "$PRIVTMP" | grep -q INTERP && skip "privtmp is not linked statically here"
	evil /tmp/lib/evil.so
	for name in LD_PRELOAD LD_AUDIT; do
		run env "$name=/tmp/lib/evil.so" true
		assert_output --partial "EVIL in"
		run env "$name=/tmp/lib/evil.so" "$PRIVTMP" --version
		refute_output --partial EVIL
		run -0 env "$name=/tmp/lib/evil.so" "$PRIVTMP" run -- ls -d /etc
		refute_output --partial EVIL
		assert_line /etc
	done
}

@test "a bare start that comes too late for that says so, and is refused" {
	as_other mkdir /tmp/lib
	run -0 victim env LD_LIBRARY_PATH=/tmp/nothing:/usr/lib ls -d /etc
	assert_output /etc
	run ! as_user env LD_LIBRARY_PATH=/tmp/lib LD_PRELOAD="$SHIM" ls -d /tmp
	assert_line --partial "/tmp/lib: others can write there, and the dynamic linker has looked there"
	assert_line --partial "Permission denied"
	run -0 as_user env LD_LIBRARY_PATH=/tmp/lib PRIVTMP_ONFAIL=pass LD_PRELOAD="$SHIM" ls -A /tmp
	assert_output --regexp '^privtmp: /tmp/lib: others can write there[^
]*$'
	# What is one's own is nobody's to plant in.
	run -0 as_user env LD_LIBRARY_PATH="$OWN" LD_PRELOAD="$SHIM" ls -A /tmp
	assert_output ""
}

@test "list and enter know users that are in no file of libc's" {
	run -0 as_user "$PRIVTMP" run -- "$PRIVTMP" list
	assert_output --partial "$TEST_UID"
	run -0 "$PRIVTMP" run -- "$PRIVTMP" list
	assert_output --partial root
}

@test "a descriptor from before a chroot does not lead back to the shared directory" {
	[[ $(id -u) -eq 0 ]] || skip "needs root, for chroot"
	local jail=$BATS_TEST_TMPDIR/jail step mounted

	mkdir -p "$jail/tmp" "$jail/proc"
	for mounted in '' /proc; do
		[[ -z $mounted ]] || mount --bind /proc "$jail/proc"
		for step in "hold:/ root:$jail makeat:tmp/new" \
			"hold:/usr root:$jail makeat:../tmp/new"; do
			# shellcheck disable=SC2086 # a list of words
			run -0 "$PROGS/starts" $step
			assert_line --index 2 --partial ': made'
			rm /tmp/new
			# shellcheck disable=SC2086
			run -0 env LD_PRELOAD="$SHIM" "$PROGS/starts" $step
			assert_line --index 2 --partial ': EACCES'
			[[ ! -e /tmp/new && ! -e $jail/tmp/new ]]
		done
		# That of the private one leads where it did.
		run -0 env LD_PRELOAD="$SHIM" "$PROGS/starts" hold:/tmp "root:$jail" \
			makeat:new readat:new
		assert_line --index 3 'readat new: program'
		[[ ! -e /tmp/new ]]
	done
	umount "$jail/proc"
}

@test "a library found from the working directory, or by LD_LIBRARY_PATH, reaches children" {
	local dir=${SHIM%/*} name=${SHIM##*/}

	cd "$dir"
	for preload in "./$name" "../${dir##*/}/$name"; do
		run -0 env LD_PRELOAD="$preload" sh -c 'cd / && touch /tmp/starts-lasting &&
			sh -c "ls /tmp"; env -i /bin/ls /tmp; env -u LD_PRELOAD ls /tmp'
		assert_output $'starts-lasting\nstarts-lasting\nstarts-lasting'
	done
	cd /
	for path in "$dir" "/none:$dir/"; do
		# shellcheck disable=SC2016 # expanded by the inner shell
		run -0 env LD_LIBRARY_PATH="$path" LD_PRELOAD="$name" sh -c '
			touch /tmp/starts-lasting; ls /tmp; env -i /bin/ls /tmp
			unset LD_LIBRARY_PATH; ls /tmp; echo "$LD_PRELOAD"'
		assert_output $'starts-lasting\nstarts-lasting\nstarts-lasting\n'"$SHIM"
	done
	[[ ! -e /tmp/starts-lasting ]]
	# Other libraries in the list stay in their places.
	# shellcheck disable=SC2016
	run -0 env LD_LIBRARY_PATH="$dir" LD_PRELOAD="libm.so.6:$name libdl.so.2" sh -c '
		echo "$LD_PRELOAD"'
	assert_output "libm.so.6:$SHIM libdl.so.2"
	assert_no_session
}
