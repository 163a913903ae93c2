# SPDX-License-Identifier: LGPL-2.1-or-later
# The shim and the tools built with the sanitizers for addresses and for what C leaves
# undefined; and programs built with those for addresses and for threads under the
# ordinary shim, as their authors look for their own errors.

load ../common
load nested

setup_file() {
	export CHECKED=$PRIVTMP_BUILD/tests/tmp/sanitizers

	{ links address && links undefined; } || return 0
	build_apart "$CHECKED" --enable-werror --enable-sanitizers CFLAGS='-O1 -g' -- \
		progs progs="$(printf 'tests/progs/%s ' smoke abi sockets threads \
			threads_signals walkers)"
}

teardown_file() {
	rm -rf "$PRIVTMP_BUILD/tests/tmp/sanitizers"
}

setup() {
	{ links address && links undefined && links thread; } ||
		skip "the compiler has no such sanitizers"
	DIR=/tmp/sanitizers-$$-$RANDOM
	RUNTIME=$("${CC:-cc}" -print-file-name=libasan.so)
	LOGS=$BATS_TEST_TMPDIR/logs
	mkdir "$LOGS"
	# No leaks: the shim has none to tell of, and the programs' own are not ours.
	# The checked shim's complaints end the program: it must not make directories for
	# a log, called by its run-time, before there is memory for its own checks.
	CHECKING=(env "ASAN_OPTIONS=detect_leaks=0" "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1")
	OPTIONS=(env "ASAN_OPTIONS=detect_leaks=0:log_path=$LOGS/asan"
		"TSAN_OPTIONS=")
}

teardown() {
	rm -rf "$DIR"*
}

# links NAME: whether the compiler has the sanitizer of that name.
links() {
	echo 'int main(void) { return 0; }' |
		"${CC:-cc}" -fsanitize="$1" -x c - -o /dev/null 2>/dev/null
}

# checked COMMAND [ARG]...: it succeeds under the checked shim, with no complaint.
checked() {
	local library=$CHECKED/shim/.libs/libprivtmp.so

	# The sanitizers' run-time insists on being loaded first.
	run -0 timeout 120 "${CHECKING[@]}" LD_PRELOAD="$RUNTIME $library" "$@"
	refute_output --partial Sanitizer
	refute_output --partial 'runtime error'
	assert_no_session
}

no_complaints() {
	refute_output --partial Sanitizer
	if [[ -n $(ls "$LOGS") ]]; then
		cat "$LOGS"/* | fail
	fi
}

# same COMMAND [ARG]...: it says the same under the checked shim as with none.
same() {
	local bare

	run -0 --separate-stderr "$@"
	bare=$output
	rm -rf "$DIR"*
	checked "$@"
	assert_equal "$output" "$bare"
}

# plain COMMAND [ARG]...: it succeeds under the ordinary shim, with no complaint.
plain() {
	run -0 timeout 120 "${OPTIONS[@]}" LD_PRELOAD="$SHIM" "$@"
	no_complaints
	assert_no_session
}

# threads SANITIZER [OPTION]...: makes the program of that name for the sanitizer.
threads() {
	cd "$BATS_TEST_TMPDIR" || return
	"${CC:-cc}" -D_GNU_SOURCE -fsanitize="$1" "${@:2}" -g -o threads \
		"$PRIVTMP_SOURCE/tests/progs/threads.c" -lpthread
}

@test "what is wrong in a program would be told of under the checked shim" {
	cd "$BATS_TEST_TMPDIR"
	"${CC:-cc}" -o wrong -x c - <<-'END'
		#include <string.h>
		#include <stdlib.h>
		#include <sys/stat.h>

		int main(void)
		{
			struct stat st;
			char *endless = malloc(8);

			memcpy(endless, "/tmp/abc", 8);
			return stat(endless, &st) == 0;
		}
	END
	run ! "${CHECKING[@]}" LD_PRELOAD="$RUNTIME $CHECKED/shim/.libs/libprivtmp.so" ./wrong
	assert_output --partial heap-buffer-overflow
}

@test "a program, and the launcher" {
	checked "$CHECKED/tests/progs/smoke" "$DIR"
	run -0 "${CHECKING[@]}" "$CHECKED/tools/privtmp" --version --verbose
	run -0 "${CHECKING[@]}" "$CHECKED/tools/privtmp" explain /tmp/x /etc/passwd
	run -0 "${CHECKING[@]}" "$CHECKED/tools/privtmp" list
	run -0 "${CHECKING[@]}" "$CHECKED/tools/privtmp" sweep --dry-run
}

@test "calls of all kinds" {
	for what in files paths walks sockets numbers programs; do
		same "$CHECKED/tests/progs/abi" "$what" "$DIR"
	done
}

@test "sockets, walks of trees and patterns" {
	same "$CHECKED/tests/progs/sockets" stream "$DIR" "$DIR-c"
	same "$CHECKED/tests/progs/sockets" dgram "$DIR" "$DIR-c"
	same "$CHECKED/tests/progs/sockets" rooms "$DIR" "$DIR-c"
	same sh -c "mkdir -p $DIR/a/b/c && cd $DIR && $CHECKED/tests/progs/walkers nftw 1 $DIR &&
		$CHECKED/tests/progs/walkers fts l . ../${DIR##*/} &&
		$CHECKED/tests/progs/walkers glob 0 '/tmp/../$DIR/*' '*/b' &&
		$CHECKED/tests/progs/walkers wordexp '$DIR/* ~ x'"
}

@test "threads, forks, vforks and handlers" {
	checked "$CHECKED/tests/progs/threads" crowd 16 2
	assert_output '24 in /tmp, 8 in /var/tmp'
	checked "$CHECKED/tests/progs/threads" forks 4 10
	checked "$CHECKED/tests/progs/threads" vforks
	checked "$CHECKED/tests/progs/threads_signals" storm 3 200
	checked "$CHECKED/tests/progs/threads_signals" first
}

@test "a shell and what it starts" {
	same bash -c "trap 'cat $DIR' EXIT
		cat <<<here; echo there >$DIR; (cat $DIR); cd /tmp && cat ../$DIR | sort"
}

@test "a program built with the address sanitizer, under the ordinary shim" {
	threads address
	run ! "${OPTIONS[@]}" LD_PRELOAD="$SHIM" ./threads vforks
	grep -rq 'does not come first' "$LOGS" || assert_output --partial 'does not come first'
	rm -f "$LOGS"/*
	SHIM="$RUNTIME $SHIM" plain ./threads crowd 8 1
	assert_output '12 in /tmp, 4 in /var/tmp'
	SHIM="$RUNTIME $SHIM" plain ./threads vforks
	plain env "ASAN_OPTIONS=detect_leaks=0:log_path=$LOGS/asan:verify_asan_link_order=0" \
		./threads forks 2 4
}

@test "the same with the run-time in the program itself" {
	threads address -static-libasan || skip "the compiler has no static run-time"
	plain ./threads crowd 8 1
	plain ./threads vforks
}

# Its run-time makes of vfork(2) a fork(2) that the shim does not see: none of those.
@test "a program built with the thread sanitizer, under the ordinary shim" {
	threads thread
	plain ./threads crowd 8 1
	assert_output '12 in /tmp, 4 in /var/tmp'
	plain ./threads forks 2 4
	SHIM="$("${CC:-cc}" -print-file-name=libtsan.so) $SHIM" plain ./threads crowd 8 1
}

@test "the shim built with the thread sanitizer has no races" {
	local library=$BATS_TEST_TMPDIR/build/shim/.libs/libprivtmp.so

	build_apart "$BATS_TEST_TMPDIR/build" CFLAGS='-O1 -g -fsanitize=thread'
	run -0 nm -D --undefined-only "$library"
	assert_output --partial __tsan_write8
	threads thread
	SHIM=$library plain ./threads crowd 16 10
	SHIM=$library plain ./threads forks 4 10
}

@test "a race in a program is still told of under the ordinary shim" {
	cd "$BATS_TEST_TMPDIR"
	"${CC:-cc}" -fsanitize=thread -o race -x c - -lpthread <<-'END'
		#include <pthread.h>
		#include <sys/stat.h>

		static int shared;

		static void *add(void *unused)
		{
			for (int i = 0; i < 1000; i++) {
				shared++;
				mkdir("/tmp/../tmp/race", 0700);
			}
			return unused;
		}

		int main(void)
		{
			pthread_t a, b;

			mkdir("/tmp/made", 0700);
			pthread_create(&a, 0, add, 0);
			pthread_create(&b, 0, add, 0);
			pthread_join(a, 0);
			pthread_join(b, 0);
			return 0;
		}
	END
	run ! "${OPTIONS[@]}" LD_PRELOAD="$SHIM" ./race
	assert_output --partial 'data race'
}
