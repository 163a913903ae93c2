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
