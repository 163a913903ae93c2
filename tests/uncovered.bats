#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Children that the shim cannot be loaded into: by the door, kept out, with exec's own errors.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # expanded by inner shells; subshells; bats

load common
load uncovered

# -- By the door --------------------------------------------------------------------

@test "a static child has its parent's /tmp, however it is executed" {
	local way

	need_mount
	for way in $("$EXEC"); do
		[[ $way != too-long-list ]] || continue
		run -0 shimmed sh -c '"$EXEC" "$1" "$STATIC" /tmp/x || exit; cat /tmp/x' sh "$way"
		assert_output ran
	done
	[[ ! -e /tmp/x ]]
	assert_no_session
}

@test "a shell script that mixes static and dynamic programs works on one file" {
	need_mount
	run -0 shimmed sh -c '"$STATIC" /tmp/x; cat /tmp/x; echo more >/tmp/y; cp /tmp/y /tmp/x
		cat /tmp/x; "$STATIC" /tmp/x; cat /tmp/x; ./script; cat /tmp/script; ls /tmp'
	assert_output $'ran\nmore\nran\nran\nscript\nx\ny'
	assert_no_session
}

@test "a static program that a dynamic linker starts has its parent's /tmp, or is refused" {
	local linker way

	need_mount
	linker=$(readelf -lW "$EXEC" | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	[[ -n $linker ]] || skip "needs readelf"
	"$linker" "$STATIC" /tmp/x && [[ -e /tmp/x ]] || skip "this one starts no static program"
	rm /tmp/x
	cp "$linker" copy
	for way in execve spawn number fexecve execveat; do
		run -0 shimmed sh -c '"$EXEC" "$1" "$2" "$STATIC" /tmp/x
			"$EXEC" "$1" ./copy --inhibit-cache ./static /tmp/y
			cp "$STATIC" /tmp/s; "$EXEC" "$1" "$2" /tmp/s /tmp/z; ls /tmp' sh "$way" "$linker"
		assert_output $'s\nx\ny\nz'
		[[ ! -e /tmp/x && ! -e /tmp/y && ! -e /tmp/z ]]
		run ! under deny "$EXEC" "$way" "$linker" "$STATIC" /tmp/x
		assert_output --partial "statically linked"
		[[ ! -e /tmp/x ]]
	done
	printf '#!%s %s\n' "$linker" "$STATIC" >by-linker
	chmod +x by-linker
	cp by-linker /tmp/by-linker
	run shimmed sh -c 'cp "$1" /tmp/by-linker; /tmp/by-linker; cat /tmp/by-linker' sh by-linker
	assert_line ran
	assert_equal "$(head -c 2 /tmp/by-linker)" "#!"
	rm /tmp/by-linker
	run -0 "$PRIVTMP" run -- "$linker" "$STATIC" /tmp/x
	[[ ! -e /tmp/x ]]
	# ldd(1) only looks at it.
	run under deny "$linker" --verify "$STATIC"
	refute_output --partial "statically linked"
	assert_no_session
}

# As root's ssh-agent does, which is set-group-ID: the door lets through what was there.
@test "what a static child makes by a shared name is found by others" {
	need_mount
	mkdir /tmp/agent-1
	echo shared >/tmp/agent-1/here
	run -0 env PRIVTMP_SHARE=/tmp/agent-* PRIVTMP_UNCOVERED=mount LD_PRELOAD="$SHIM" sh -c '
		"$STATIC" /tmp/agent-2 && cat /tmp/agent-2 && cat < /tmp/../tmp/agent-2
		cat /tmp/agent-1/here; echo new >/tmp/agent-3'
	assert_output $'ran\nran\nshared'
	[[ ! -e /tmp/agent-2 && $(cat /tmp/agent-3) == new ]]
	rm -r /tmp/agent-*
	assert_no_session
}

@test "links that a static child makes are followed by others as it follows them" {
	need_mount
	cd "$BATS_TEST_TMPDIR"
	${CC:-cc} -static -o link -x c - <<-'END'
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			return argc != 3 || symlink(argv[1], argv[2]) < 0;
		}
	END
	echo shared >/tmp/bare
	run -0 shimmed sh -c 'echo own >/tmp/bare; ./link /tmp/bare /tmp/a; ./link /tmp/bare outside
		./link ../tmp/bare /tmp/up; cat /tmp/a outside /tmp/up; echo more >outside; cat /tmp/bare'
	assert_output $'own\nown\nown\nmore'
	assert_equal "$(cat /tmp/bare)" shared
	rm /tmp/bare
	assert_no_session
}

@test "a static program that lies in the private /tmp is executed there, also by relative name" {
	need_mount
	run -0 shimmed sh -c 'cp "$STATIC" /tmp/s; cd /tmp; /tmp/s /tmp/a; ./s b; PATH=/tmp s c
		"$EXEC" fexecve ./s d; "$EXEC" execveat-cloexec ./s e; ls'
	assert_output $'a\nb\nc\nd\ne\ns'
	[[ ! -e /tmp/s ]]
	assert_no_session
}

@test "argument 0, environment and directory of a static child are what its parent says" {
	need_mount
	${CC:-cc} -static -o "$BATS_TEST_TMPDIR/show" "$PRIVTMP_SOURCE/tests/progs/uncovered_show.c"
	cd "$BATS_TEST_TMPDIR"
	show() { "$@" X=1 "$EXEC" spawn "$BATS_TEST_TMPDIR/show" a "" "b c" 5</dev/null; }
	show env >bare
	show env LD_PRELOAD="$SHIM" >with
	diff bare with
	grep -q '^argument zero$' bare
	assert_no_session
}

@test "where nothing was private yet, a static image that replaces its parent has a /tmp" {
	need_mount
	run -0 shimmed env "$STATIC" /tmp/x
	[[ ! -e /tmp/x ]]
	assert_no_session
}

@test "where /bin/sh is static, libc's own shells have their parent's /tmp, or are refused" {
	local shell

	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount"
	need_mount
	shell=$(for shell in mksh-static zsh-static bash-static busybox; do
		shell=$(command -v $shell) && "$PRIVTMP" check "$shell" | grep -q 'why.*statically' &&
			echo "$shell" && break
	done) || skip "needs a static shell"
	cd "$BATS_TEST_TMPDIR"
	${CC:-cc} -o shells -x c - <<-'END'
		#include <stdio.h>
		#include <stdlib.h>
		#include <wordexp.h>
		int main(int argc, char **argv)
		{
			FILE *pipe;
			wordexp_t words;
			if (argc != 3)
				return 2;
			printf("system %d\n", system(argv[1]) >> 8);
			fflush(stdout);
			pipe = popen(argv[2], "r");
			for (int c; pipe && (c = getc(pipe)) != EOF;)
				putchar(c);
			printf("popen %d\n", pipe ? pclose(pipe) >> 8 : -1);
			return printf("wordexp %d\n", wordexp("$(echo x)", &words, 0)) < 0;
		}
	END
	shells() {
		rm -f /tmp/x
		unshare -m sh -c 'mount --bind "$1" "$(readlink -f /bin/sh)" && shift && exec "$@"' \
			sh "$shell" env PRIVTMP_UNCOVERED="$1" LD_PRELOAD="$SHIM" ./shells \
			"echo \"it's\" >/tmp/x; exit 3" "cat /tmp/x; echo \$0; exit 4"
	}
	run -0 --separate-stderr shells mount
	assert_output $'system 3\nit\'s\nsh\npopen 4\nwordexp 4'
	[[ ! -e /tmp/x ]]
	[[ $stderr == "privtmp: /bin/sh: not executed: libc executes it itself; "* ]]
	run -0 --separate-stderr shells auto
	assert_output $'system 3\nit\'s\nsh\npopen 4\nwordexp 0'
	[[ ! -e /tmp/x ]]
	[[ $stderr == "privtmp: /bin/sh: statically linked"*"; it has the shared directories"* ]]
	run -0 --separate-stderr shells deny
	assert_output $'system 127\npopen -1\nwordexp 4'
	[[ ! -e /tmp/x ]]
	run -0 --separate-stderr shells warn
	assert_output $'system 3\nsh\npopen 4\nwordexp 0'
	[[ -e /tmp/x ]]
	rm /tmp/x
	# What is long is not on the stack.
	run -0 unshare -m sh -c 'mount --bind "$1" "$(readlink -f /bin/sh)" && shift && exec "$@"' \
		sh "$shell" env LD_PRELOAD="$SHIM" ./shells \
		"$(printf '#%9000s\n' x)
		echo y >/tmp/x" 'cat /tmp/x'
	assert_line y
	[[ ! -e /tmp/x ]]
	wait_until 5 no_new_session
}

@test "confine: a static child can use no /tmp" {
	need_confine
	run -3 under confine sh -c '"$EXEC" spawn "$STATIC" /tmp/x'
	run -0 under confine sh -c 'echo own >/tmp/x; "$STATIC" /tmp/x; echo $?; cat /tmp/x'
	assert_output $'3\nown'
	run -0 under confine sh -c '"$STATIC" "$1/elsewhere"' sh "$BATS_TEST_TMPDIR"
	[[ ! -e /tmp/x && -e $BATS_TEST_TMPDIR/elsewhere ]]
	assert_no_session
}

@test "confine: what a static child starts is a member, and the session is gone with the last" {
	need_confine
	cd "$BATS_TEST_TMPDIR"
	${CC:-cc} -static -D_GNU_SOURCE -o run "$PRIVTMP_SOURCE/tests/progs/uncovered.c"
	run -0 under confine sh -c 'echo own >/tmp/x
		exec ./run execve /bin/sh -c "cat /tmp/x; mv /tmp/x /tmp/y; (sleep 0.3; cat /tmp/y) &"'
	assert_output $'own\nown'
	run -0 under confine sh -c 'echo own >/tmp/x; ./run spawn ./run execve /bin/cat /tmp/x'
	assert_output own
	assert_no_session
}

@test "a program of another machine, which the kernel runs by an emulator, has its parent's /tmp" {
	# A plain user's namespace with formats has a root of its own: "/" is nobody's there.
	[[ $(id -u) -eq 0 ]] || skip "needs root, so that a session can be made beside formats"
	need_mount
	[[ $(uname -m) == x86_64 ]] || skip "for x86-64 the other machine is another one"
	cd "$BATS_TEST_TMPDIR"
	${CC:-cc} -static -o emulator -x c - <<-'END'
		#include <fcntl.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			int fd = open("/tmp/x", O_WRONLY | O_CREAT | O_TRUNC, 0600);
			return argc < 2 || write(fd, argv[argc - 1], 1) != 1;
		}
	END
	cp emulator alien
	printf '\xb7' | dd of=alien bs=1 seek=18 conv=notrunc status=none
	unshare --user --map-root-user --mount sh -c \
		'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc' 2>/dev/null ||
		skip "user namespaces have no formats of their own here"
	run -1 unshare --user --map-root-user --mount sh -c '
		mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
		# The kernel has no emulator for it.
		LD_PRELOAD=$SHIM "$EXEC" execve ./alien yes
		LD_PRELOAD=$SHIM PRIVTMP_UNCOVERED=deny "$EXEC" execve ./alien yes
		printf %s ":other:M:16:\\x02\\x00\\xb7::$PWD/emulator:" >/proc/sys/fs/binfmt_misc/register
		LD_PRELOAD=$SHIM sh -c "./alien yes; cat /tmp/x; echo"
		LD_PRELOAD=$SHIM PRIVTMP_UNCOVERED=deny "$EXEC" execve ./alien yes'
	assert_line --index 0 ENOEXEC
	assert_line --index 1 ENOEXEC
	assert_line --index 2 y
	assert_line --index 3 "privtmp: ./alien: made for another kind of machine than the shim; not executed, since PRIVTMP_UNCOVERED is deny"
	[[ ! -e /tmp/x ]]
	assert_no_session
}

@test "where the door is missing, mount and confine refuse, and auto names the program" {
	local word libs=$BATS_TEST_TMPDIR/other/shim/.libs

	mkdir -p "$libs"
	cp "$SHIM" "$libs/"
	run -0 env LD_PRELOAD="$libs/libprivtmp.so" sh -c '"$STATIC" /tmp/bare; "$STATIC" /tmp/bare'
	assert_output --regexp "^privtmp: $STATIC: statically linked, [^"$'\n'"]*; it has the shared directories[^"$'\n'"]*$"
	[[ -e /tmp/bare ]]
	rm /tmp/bare
	for word in mount confine; do
		run -126 env PRIVTMP_UNCOVERED=$word LD_PRELOAD="$libs/libprivtmp.so" \
			sh -c '"$STATIC" /tmp/bare'
		assert_line "privtmp: $STATIC: not executed: privtmp-door is not where it was installed; or set PRIVTMP_UNCOVERED to warn"
		[[ ! -e /tmp/bare ]]
	done
	wait_until 5 no_new_session || "$PRIVTMP" sweep
}

@test "where no session can be made, no static child is let into the shared directories" {
	local word

	for word in auto mount confine; do
		run -126 under $word env PRIVTMP_ROOT=/nowhere sh -c '"$STATIC" /tmp/bare'
		assert_line "privtmp: $STATIC: not executed: there is no session that it could be in; or set PRIVTMP_ONFAIL to pass"
		[[ ! -e /tmp/bare ]]
	done
	run -0 under auto env PRIVTMP_ROOT=/nowhere PRIVTMP_ONFAIL=pass sh -c '"$STATIC" /tmp/bare'
	[[ -e /tmp/bare ]]
	rm /tmp/bare
	assert_no_session
}

# -- What exec itself has to say ------------------------------------------------------

# refusals [WORD]: what executing a static file fails with that cannot be executed.
refusals() {
	local way

	cd "$BATS_TEST_TMPDIR" || return
	for way in execve execvp execl number spawn spawnp vfork fexecve execveat; do
		for file in ./none ./plain ./static/x ./loop ./broken ./dir "$(printf '%4200s' x)"; do
			echo "$way ${file::20}: $("$@" "$EXEC" "$way" "$file" x 2>/dev/null)"
		done
	done
	echo "long: $("$@" "$EXEC" too-long-list ./static x 2>/dev/null)"
	echo "open: $(exec 5>>./busy && "$@" "$EXEC" execve ./busy x 2>/dev/null)"
	echo "search: $(PATH=$PWD/dir:$PWD/no:$PWD "$@" "$EXEC" execvp plain x 2>/dev/null)"
	echo "script: $("$@" "$EXEC" execve ./lost x 2>/dev/null)"
}

@test "an error of exec's own is the same by the door and without" {
	local word

	cd "$BATS_TEST_TMPDIR"
	cp "$STATIC" static
	cp "$STATIC" busy
	cp "$STATIC" plain
	chmod -x plain
	ln -s loop loop
	mkdir dir no
	# An ELF header, and nothing behind it.
	head -c 64 "$STATIC" >broken
	chmod +x broken
	printf '#!%s/none\n' "$PWD" >lost
	chmod +x lost
	refusals env >bare
	grep -q '^execve ./plain: EACCES$' bare
	grep -q '^spawn ./broken: ENOEXEC$' bare
	grep -q '^long: E2BIG$' bare
	grep -q '^open: ETXTBSY$' bare
	for word in auto mount confine deny; do
		refusals env PRIVTMP_UNCOVERED=$word LD_PRELOAD="$SHIM" >"$word"
		# Who only looks at the name cannot know how long the list is.
		diff bare <(sed '/^long/s/EACCES/E2BIG/' "$word")
	done
	assert_no_session
}

@test "a file system that executes nothing refuses a static child as ever" {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount"
	unshare -m true 2>/dev/null || skip "needs a mount namespace"
	run -0 unshare -m sh -c 'mount -t tmpfs -o noexec none /mnt && cp "$STATIC" /mnt/s
		for word in auto mount confine deny; do
			PRIVTMP_UNCOVERED=$word LD_PRELOAD=$SHIM "$EXEC" execve /mnt/s x
		done; :'
	assert_output $'EACCES\nEACCES\nEACCES\nEACCES'
}
