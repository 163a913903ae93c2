#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Children that the shim cannot be loaded into: by the door, kept out, refused or named.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded by inner shells; subshells

load common

EXEC=$PROGS/uncovered

setup_file() {
	DIR=$(scratch)
	export DIR
	${CC:-cc} -static -o "$DIR/static" "$PRIVTMP_SOURCE/tests/progs/run_static.c" || :
	printf '#!%s %s\n' "$DIR/static" /tmp/script >"$DIR/script"
	chmod +x "$DIR/script"
}

setup() {
	[[ -e $DIR/static ]] || skip "the compiler makes no static programs here"
	cd "$DIR" || return
	STATIC=$DIR/static
	export STATIC EXEC
}

# under WORD COMMAND...: with PRIVTMP_UNCOVERED=WORD.
under() {
	local word=$1

	shift
	PRIVTMP_UNCOVERED=$word shimmed "$@"
}

need_mount() {
	local said

	said=$(under mount env "$STATIC" /tmp/x 2>&1) || skip "no mount namespace here: $said"
}

need_confine() {
	local said status=0

	said=$(under confine env "$STATIC" /tmp/x 2>&1) || status=$?
	# What it is kept from is its own affair.
	[[ $status -eq 3 ]] || skip "no Landlock here: $said"
}

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

# -- Refused, or named ----------------------------------------------------------------

@test "deny: a static child is not executed, in one line, and with EACCES" {
	local way

	for way in $("$EXEC"); do
		case $way in
		too-long-list) continue ;;
		fork) run -13 --separate-stderr under deny "$EXEC" "$way" "$STATIC" /tmp/x ;;
		*)
			run -1 --separate-stderr under deny "$EXEC" "$way" "$STATIC" /tmp/x
			assert_output EACCES
			;;
		esac
		[[ $stderr == "privtmp: "*"statically linked, so that the shim cannot be loaded into it; not executed, since PRIVTMP_UNCOVERED is deny" ]]
		[[ $(wc -l <<<"$stderr") -eq 1 ]]
	done
	run -0 under deny sh -c 'echo x >/tmp/x; cat /tmp/x'
	assert_output x
	[[ ! -e /tmp/x ]]
	assert_no_session
}

@test "deny: a list that changes the directory says nothing of another list" {
	cd "$BATS_TEST_TMPDIR"
	ln -f "$STATIC" static
	${CC:-cc} -D_GNU_SOURCE -o spawns -x c - <<-'END' || skip "no posix_spawn_file_actions_addchdir_np"
		#include <spawn.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/wait.h>
		extern char **environ;
		int main(int argc, char **argv)
		{
			posix_spawn_file_actions_t list, other;
			pid_t pid;
			int status = 0;

			for (int i = 0; i < 100; i++) {
				posix_spawn_file_actions_init(&list);
				posix_spawn_file_actions_addchdir_np(&list, argv[1]);
				if (i == 99)
					printf("%s\n", strerrorname_np(posix_spawn(&pid, "./true", &list,
						NULL, argv + 2, environ)));
				posix_spawn_file_actions_destroy(&list);
			}
			wait(&status);
			posix_spawn_file_actions_init(&list);
			posix_spawn_file_actions_init(&other);
			posix_spawn_file_actions_addchdir_np(&other, "/");
			posix_spawn_file_actions_adddup2(&list, 1, 1);
			fflush(stdout);
			printf("%s\n", strerrorname_np(posix_spawn(&pid, argv[2], &list, NULL,
				argv + 2, environ)));
			wait(NULL);
			return argc != 4 || status;
		}
	END
	run -0 --separate-stderr under deny ./spawns "$(dirname "$(type -P true)")" ./static /tmp/bare
	assert_output $'0\nEACCES'
	[[ $stderr == "privtmp: ./static: statically linked"* && ! -e /tmp/bare ]]
	assert_no_session
}

@test "a relative name is looked at where posix_spawn changes the directory to" {
	local way

	need_mount
	cd "$BATS_TEST_TMPDIR"
	mkdir -p here/below there
	ln -f "$STATIC" there/program
	# What lies here, by the same name, is another program.
	cp "$(type -P true)" program
	cp "$(type -P true)" here/program
	printf '#!%s /tmp/x\n' "$STATIC" >there/script
	chmod +x there/script
	${CC:-cc} -D_GNU_SOURCE -o spawns -x c - <<-'END' || skip "no posix_spawn_file_actions_addchdir_np"
		#include <fcntl.h>
		#include <spawn.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/wait.h>
		extern char **environ;
		int main(int argc, char **argv)
		{
			posix_spawn_file_actions_t list;
			char *args[] = { "program", "/tmp/x", NULL };
			int error;

			posix_spawn_file_actions_init(&list);
			for (int i = 2; i < argc; i++)
				if (argv[i][0] == '@')
					posix_spawn_file_actions_addfchdir_np(&list,
						open(argv[i] + 1, O_PATH | O_CLOEXEC));
				else
					posix_spawn_file_actions_addchdir_np(&list, argv[i]);
			error = posix_spawn(NULL, argv[1], &list, NULL, args, environ);
			posix_spawn_file_actions_destroy(&list);
			printf("%s\n", strerrorname_np(error));
			fflush(stdout);
			while (wait(NULL) > 0)
				;
			return 0;
		}
	END
	for way in there "$PWD/there" @there @there/ "here/below ../../there" "@here ../there" \
		"here $PWD/there" "there . ./."; do
		# shellcheck disable=SC2086 # words
		run -0 under deny ./spawns ./program $way
		assert_line --index 0 --partial "privtmp: ./program: statically linked"
		assert_line --index 1 EACCES
		[[ ! -e /tmp/x ]]
		# shellcheck disable=SC2086
		run -0 shimmed sh -c './spawns ./program "$@"; cat /tmp/x; : >/tmp/x
			./spawns ./script "$@"; cat /tmp/x' sh $way
		assert_output $'0\nran\n0\nran'
		[[ ! -e /tmp/x ]]
	done
	run -0 under deny ./spawns ./program here
	assert_output 0
	run -0 under deny ./spawns ./none there
	assert_output ENOENT
	assert_no_session
}

@test "deny: what is found along PATH and is refused is named once, and a script as well" {
	mkdir -p "$BATS_TEST_TMPDIR/a"
	ln -f "$STATIC" "$BATS_TEST_TMPDIR/a/static"
	run -126 under deny sh -c 'PATH=$1:$2; static /tmp/x' sh "$DIR" "$BATS_TEST_TMPDIR/a"
	[[ $(grep -c '^privtmp: ' <<<"$output") -eq 1 ]]
	run -126 under deny sh -c ./script
	assert_line --partial "privtmp: ./script: statically linked"
	assert_no_session
}

@test "warn: a static child is named once in a session, and has the shared /tmp" {
	run -0 under warn sh -c '"$STATIC" /tmp/bare; "$STATIC" /tmp/bare
		sh -c "\"\$STATIC\" /tmp/bare; :"; ./script; ls /tmp'
	assert_line --index 0 --partial "privtmp: $STATIC: statically linked"
	assert_line --index 1 --partial "privtmp: ./script: statically linked"
	[[ ${#lines[@]} -eq 2 ]]
	[[ -e /tmp/bare && -e /tmp/script ]]
	rm /tmp/bare /tmp/script
	assert_no_session
}

@test "with a session for each program, a static one has that of its parent, or what is set" {
	each() { # the word
		env PRIVTMP_SCOPE=process PRIVTMP_UNCOVERED="$1" LD_PRELOAD="$SHIM" \
			sh -c '"$STATIC" /tmp/bare || exit; : </tmp/bare'
	}
	run -126 each deny
	[[ ${lines[0]} == "privtmp: $STATIC: statically linked"*"since PRIVTMP_UNCOVERED is deny" ]]
	# The shell's own session lacks what the shared directory has.
	run -2 each warn
	[[ -e /tmp/bare && ${lines[0]} == "privtmp: $STATIC: statically linked"*"it has the shared directories"* ]]
	rm /tmp/bare
	need_mount
	run -0 each auto
	assert_output ""
	run -0 each mount
	assert_output ""
	[[ ! -e /tmp/bare ]]
	assert_no_session
}

@test "with no session, nothing changes" {
	run -0 env PRIVTMP_MODE=off PRIVTMP_UNCOVERED=deny LD_PRELOAD="$SHIM" \
		sh -c '"$STATIC" /tmp/bare'
	assert_output ""
	rm /tmp/bare
	assert_no_session
}

@test "privtmp itself, which is static, sees what is there" {
	run -0 under deny sh -c 'echo x >/tmp/x; "$PRIVTMP" list; "$PRIVTMP" run true'
	assert_line --partial "/tmp/.privtmp-"
	refute_line --partial "statically"
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

# -- Rights of their own ----------------------------------------------------------------

# rights NAME MODE: a copy of id with a mode of its own.
rights() {
	cp "$(command -v id)" "$DIR/$1"
	chmod "$2" "$DIR/$1"
	if findmnt -no OPTIONS -T "$DIR" | grep -qw nosuid; then
		skip "set-user-ID bits mean nothing in $DIR"
	fi
}

@test "a set-user-ID child of a plain user keeps its rights and is named once; deny refuses it" {
	local word

	need_users
	rights suid 4755
	ln "$DIR/suid" "$DIR/again"
	for word in auto mount confine warn; do
		run -0 --separate-stderr as_user env PRIVTMP_UNCOVERED=$word LD_PRELOAD="$SHIM" \
			sh -c './suid -u; ./suid -u; sh -c "./suid -u; :"; ./again -u'
		assert_output $'0\n0\n0\n0'
		if [[ $word == warn ]]; then
			assert_equal "$stderr" "$(printf "privtmp: ./%s: has rights of its own, so that the shim cannot be loaded into it; it has the shared directories, unless /etc/ld.so.preload names the shim\n" suid again)"
		else
			assert_equal "$stderr" "privtmp: ./suid: has rights of its own, so that the shim cannot be loaded into it; it and others like it have the shared directories, unless /etc/ld.so.preload names the shim"
		fi
	done
	run -126 as_user env PRIVTMP_UNCOVERED=deny LD_PRELOAD="$SHIM" sh -c './suid -u'
	assert_line --index 0 --partial "privtmp: ./suid: has rights of its own"
	# Without a right to gain there is none to lose.
	run -0 --separate-stderr as_user env PRIVTMP_UNCOVERED=deny LD_PRELOAD="$SHIM" \
		setpriv --no-new-privs sh -c './suid -u'
	assert_output "$TEST_UID"
	run -0 --separate-stderr env PRIVTMP_UNCOVERED=deny LD_PRELOAD="$SHIM" sh -c './suid -u'
	assert_output 0
	[[ -z $stderr ]]
	assert_no_session
}

@test "so is one that has its rights by its group, or by capabilities of its file" {
	need_users
	rights sgid 2755
	run -0 --separate-stderr as_user env LD_PRELOAD="$SHIM" sh -c './sgid -g; :'
	assert_output 0
	[[ $stderr == "privtmp: ./sgid: has rights of its own"* ]]
	rights caps 755
	command -v setcap >/dev/null || skip "needs setcap"
	setcap cap_net_raw+ep "$DIR/caps" || skip "files have no capabilities here"
	run -0 --separate-stderr as_user env LD_PRELOAD="$SHIM" sh -c './caps -u; :'
	[[ $stderr == "privtmp: ./caps: has rights of its own"* ]]
	run -0 --separate-stderr env LD_PRELOAD="$SHIM" sh -c './caps -u; :'
	[[ -z $stderr ]]
	assert_no_session
}

@test "so is the child of a process that is another user for a time, which gets no shim" {
	need_users
	command -v perl >/dev/null || skip "needs perl"
	script='$> = $ENV{TEST_UID}; system { $ARGV[0] } @ARGV; $> = 0'
	run -0 --separate-stderr env LD_PRELOAD="$SHIM" perl -e "$script" /bin/touch /tmp/bare
	assert_equal "$(stat -c %u /tmp/bare)" "$TEST_UID"
	rm /tmp/bare
	[[ $stderr == "privtmp: /bin/touch: has rights of its own"* ]]
	run -0 --separate-stderr env LD_PRELOAD="$SHIM" PRIVTMP_UNCOVERED=deny \
		perl -e "$script" /bin/touch /tmp/bare
	[[ $stderr == "privtmp: /bin/touch: has rights of its own"* && ! -e /tmp/bare ]]
	assert_no_session
}

@test "a guest of a session, who is another user for good, has its /tmp by the door" {
	need_users
	need_mount
	run -0 shimmed setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
		sh -c '"$STATIC" /tmp/x; cat /tmp/x; stat -c %u /tmp/x'
	assert_output ran$'\n'"$TEST_UID"
	[[ ! -e /tmp/x ]]
	assert_no_session
}

@test "root's set-group-ID child keeps its rights in the namespace, and has root's /tmp" {
	[[ $(id -u) -eq 0 ]] || skip "needs root"
	need_mount
	cp "$(command -v tee)" "$DIR/tee"
	chgrp "$TEST_UID" "$DIR/tee"
	chmod 2755 "$DIR/tee"
	run -0 shimmed sh -c 'echo x | ./tee /tmp/x >/dev/null; cat /tmp/x; stat -c %g /tmp/x'
	assert_output "x"$'\n'"$TEST_UID"
	[[ ! -e /tmp/x ]]
	assert_no_session
}

# -- How it is remembered ----------------------------------------------------------------

@test "a file that is replaced is looked at again" {
	cp /bin/true "$BATS_TEST_TMPDIR/p"
	cd "$BATS_TEST_TMPDIR"
	run -0 under deny sh -c './p && ./p && cp "$STATIC" p.new && mv p.new p && ! ./p /tmp/x &&
		cp /bin/true p.new && mv p.new p && ./p && cat "$STATIC" >p && ! ./p /tmp/x'
	[[ $(grep -c '^privtmp: ./p: statically linked' <<<"$output") -eq 2 ]]
	assert_no_session
}
