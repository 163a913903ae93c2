# SPDX-License-Identifier: LGPL-2.1-or-later
# Before main and after it: constructors, destructors and handlers use /tmp as
# anything else does, in whatever order libraries are loaded, and leave nothing.

load common

setup_file() {
	local dir name

	dir=$(scratch)
	export LIBRARIES=$dir
	cat >"$dir/library.c" <<-'END'
		#include <fcntl.h>
		#include <pthread.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/stat.h>
		#include <unistd.h>
		static void use(const char *what)
		{
			char path[64], line[96];
			int fd;
			snprintf(path, sizeof path, "/tmp/ends-%s", what);
			fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
			snprintf(line, sizeof line, "%s: %s\n", what, fd < 0 ? "failed" : "made");
			(void)!write(1, line, strlen(line));
			close(fd);
		}
		/* By a call that nobody has made before. */
		static void *use_in_thread(void *unused)
		{
			if (mkfifo("/tmp/ends-fifo-of-" LIBRARY, 0600) == 0)
				use("thread-of-" LIBRARY);
			return unused;
		}
		__attribute__((constructor)) static void begin(void)
		{
			pthread_t thread;
			use("constructor-of-" LIBRARY);
			if (pthread_create(&thread, NULL, use_in_thread, NULL) == 0)
				pthread_join(thread, NULL);
		}
		__attribute__((destructor)) static void end(void)
		{
			use("destructor-of-" LIBRARY);
		}
	END
	for name in plugin early; do
		# shellcheck disable=SC2086 # lists of words
		${CC:-cc} ${CFLAGS:-} -DLIBRARY="\"$name\"" -shared -fPIC -Wl,-Bsymbolic \
			-o "$dir/lib$name.so" "$dir/library.c" -lpthread
	done
}

teardown() {
	rm -f /tmp/ends-*
}

# same PRELOAD [ARG]...: what ends says with these libraries is the same without the
# shim, and with it before or behind them; nothing fails, and nothing is left.
same() {
	local preload=$1 with
	local -A order=([bare]=$preload [before]="$SHIM $preload" [behind]="$preload $SHIM")

	shift
	for with in bare before behind; do
		run -0 timeout 30 env LD_PRELOAD="${order[$with]}" "$PROGS/ends" "$@"
		refute_output --partial failed
		assert_line 'destructor: made'
		echo "$output" >"$BATS_TEST_TMPDIR/$with"
		[[ $with == bare ]] && rm /tmp/ends-*
		[[ -z $(find /tmp -name 'ends-*') ]]
		assert_no_session
	done
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/before" >&2
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/behind" >&2
}

@test "constructors, destructors, atexit, on_exit and a thread's keys use /tmp" {
	same ''
	[[ $(wc -l <"$BATS_TEST_TMPDIR/before") -eq 6 ]]
}

@test "a preloaded library's constructor does, whether ours has run before it or not" {
	same "$LIBRARIES/libearly.so"
	grep -q '^thread-of-early: made' "$BATS_TEST_TMPDIR/before"
}

@test "a library that is loaded later does, as does a thread that its constructor waits for" {
	same '' "$LIBRARIES/libplugin.so"
	grep -q '^thread-of-plugin: made' "$BATS_TEST_TMPDIR/before"
}

@test "a library that is unloaded again does" {
	same '' "$LIBRARIES/libplugin.so" close
	same "$LIBRARIES/libearly.so" "$LIBRARIES/libplugin.so" close
}

@test "what a constructor before ours takes out of the environment, and executes" {
	local dir=$BATS_TEST_TMPDIR how
	local -A made=(
		[unset]='child program' [clear]='child program' [other]='child program'
		[null]='child constructor program' [vfork]='child constructor program'
	)

	need_own_tmp
	[[ $(ldd "$SHIM") == *musl* ]] || made[before]='before child program'

	cat >"$dir/taker.c" <<-'END'
		#define _GNU_SOURCE
		#include <spawn.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/wait.h>
		#include <unistd.h>

		__attribute__((constructor)) static void take(void)
		{
			const char *how = getenv("HOW");
			static char *none[] = { "HOW=", NULL };
			static char *touch[] = { "touch", "/tmp/ends-constructor", NULL };
			pid_t pid;

			if (!how)
				return;
			if (!strcmp(how, "unset"))
				unsetenv("LD_PRELOAD");
			if (!strcmp(how, "clear"))
				clearenv();
			if (!strcmp(how, "other"))
				environ = none;
			if (!strcmp(how, "null") &&
			    posix_spawnp(&pid, "touch", NULL, NULL, touch, NULL) == 0)
				waitpid(pid, NULL, 0);
			if (!strcmp(how, "vfork")) {
				pid = vfork();
				if (pid == 0) {
					execvp(*touch, touch);
					_exit(127);
				}
				waitpid(pid, NULL, 0);
			}
		}
	END
	cat >"$dir/taken.c" <<-'END'
		#include <fcntl.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>

		#ifdef __GLIBC__
		static void before(int argc, char **argv, char **envp)
		{
			(void)argc;
			(void)argv;
			for (; *envp; envp++)
				if (!strcmp(*envp, "HOW=before"))
					system("PATH=/usr/bin:/bin; touch /tmp/ends-before");
		}
		__attribute__((section(".preinit_array"), used)) static void (*const first)(
			int, char **, char **) = before;
		#endif

		int main(int argc, char **argv)
		{
			unsetenv("HOW");
			setenv("PATH", "/usr/bin:/bin", 1);
			close(creat(argc > 1 ? argv[1] : "/tmp/ends-program", 0600));
			return system("touch /tmp/ends-child; ls /tmp | grep ^ends- | "
				      "sed s/ends-// | tr '\\n' ' '");
		}
	END
	# shellcheck disable=SC2086 # lists of words
	${CC:-cc} ${CFLAGS:-} -shared -fPIC -o "$dir/libtaker.so" "$dir/taker.c"
	# shellcheck disable=SC2086
	${CC:-cc} ${CFLAGS:-} -o "$dir/taken" "$dir/taken.c" -Wl,--no-as-needed \
		"$dir/libtaker.so"
	for how in "${!made[@]}"; do
		run -0 env HOW="$how" "$dir/taken"
		assert_output "${made[$how]} "
		rm /tmp/ends-*
		run -0 shimmed HOW="$how" "$dir/taken"
		# What it executes before our constructor is in the same session.
		assert_output "${made[$how]} "
		[[ -z $(find /tmp -name 'ends-*') ]]
		assert_no_session
	done
	# The settings that the program was started with hold.
	scratch >"$dir/guard"
	run -0 shimmed HOW=clear PRIVTMP_GUARD="$(<"$dir/guard")" "$dir/taken" \
		"$(<"$dir/guard")/x"
	[[ ! -e $(<"$dir/guard")/x ]]
	rm -f /tmp/ends-child
}
