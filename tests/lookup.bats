# SPDX-License-Identifier: LGPL-2.1-or-later
# Every way to a function leads to the shim, also those that go to libc at once: by its
# handle, by a version, from an object that is bound deeply or in a namespace apart.

load common

setup_file() {
	local dir=$BATS_FILE_TMPDIR

	export OBJECTS=$dir CC=${CC:-cc}
	cat >"$dir/make.c" <<-'END'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <errno.h>
		#include <fcntl.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/stat.h>
		#include <unistd.h>
		int make_it(const char *path, unsigned mode) { return creat(path, mode); }
		void *find_it(const char *name) { void *volatile at = dlsym(RTLD_DEFAULT, name); return at; }
		const char *say_it(const char *path) { errno = 0; creat(path, 0600); return strerror(errno); }
		#ifdef EARLY
		__attribute__((constructor)) static void early(void)
		{
			const char *file = getenv("EARLY_FILE");

			if (file)
				close(creat(file, 0600));
		}
		#endif
		#ifdef OWN
		/* Hers, not libc's and not the shim's. */
		int creat(const char *path, mode_t mode) { return mkdir(path, mode) < 0 ? -1 : 1000; }
		#endif
	END
	cat >"$dir/next.c" <<-'END'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <unistd.h>
		/* Asks each time, as it may. */
		int creat(const char *path, unsigned mode)
		{
			int (*next)(const char *, unsigned) = dlsym(RTLD_NEXT, "creat");

			write(1, "next ", 5);
			return next(path, mode);
		}
	END
	cat >"$dir/newer.c" <<-'END'
		#define _GNU_SOURCE
		#include <stddef.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int openat2(int fd, const char *path, const void *how, size_t size)
		{
			return syscall(SYS_openat2, fd, path, how, size);
		}
	END
	cat >"$dir/user.c" <<-'END'
		#include <fcntl.h>
		#include <linux/openat2.h>
		#include <stddef.h>
		#include <stdio.h>
		int openat2(int fd, const char *path, const void *how, size_t size);
		int main(int argc, char **argv)
		{
			struct open_how how = { .flags = O_CREAT | O_WRONLY, .mode = 0600 };
			int fd = argc > 1 ? openat2(AT_FDCWD, argv[1], &how, sizeof how) : -1;

			if (fd < 0)
				perror("openat2");
			return fd < 0;
		}
	END
	cat >"$dir/old.c" <<-'END'
		#include <fcntl.h>
		#undef open64
		int open64(const char *path, int flags, ...);
		int make_it(const char *path, unsigned mode)
		{
			return open64(path, O_CREAT | O_WRONLY, mode);
		}
	END
	echo 'GLIBC_2.43 { global: openat2; local: *; };' >"$dir/newer.map"
	# shellcheck disable=SC2086 # flags are lists of words
	{
		$CC ${CFLAGS:-} -shared -fPIC -o "$dir/make.so" "$dir/make.c"
		$CC ${CFLAGS:-} -shared -fPIC -Wl,-z,lazy -o "$dir/lazy.so" "$dir/make.c"
		$CC ${CFLAGS:-} -shared -fPIC -DEARLY -o "$dir/early.so" "$dir/make.c"
		$CC ${CFLAGS:-} -shared -fPIC -DOWN -o "$dir/own.so" "$dir/make.c"
		$CC ${CFLAGS:-} -shared -fPIC -o "$dir/old.so" "$dir/old.c"
		$CC ${CFLAGS:-} -shared -fPIC -o "$dir/next.so" "$dir/next.c"
		$CC ${CFLAGS:-} -shared -fPIC -Wl,--version-script="$dir/newer.map" \
			-o "$dir/libnewer.so" "$dir/newer.c"
		$CC ${CFLAGS:-} -o "$dir/user" "$dir/user.c" -L"$dir" -lnewer -Wl,-rpath,"$dir"
	}
}

setup() {
	LOOKUP=$PROGS/lookup
	FILE=/tmp/privtmp-lookup-$$-$RANDOM
}

teardown() {
	rm -rf "$FILE" "$FILE"*
}

# both WAY [OBJECT]: the file is made and seen; only without the shim by all.
both() {
	run -0 "$LOOKUP" "$1" "$FILE" ${2+"$OBJECTS/$2"}
	assert_output --partial "$1: made, seen"
	[[ -e $FILE ]]
	rm -rf "$FILE"

	run -0 --separate-stderr shimmed "$LOOKUP" "$1" "$FILE" ${2+"$OBJECTS/$2"}
	assert_output --partial "$1: made, seen"
	# shellcheck disable=SC2154 # bats sets it
	assert_equal "$stderr" ""
	[[ ! -e $FILE ]] || fail "made in the shared directory"
	assert_no_session
}

glibc() {
	grep -qx gnu_get_libc_version "$PRIVTMP_BUILD/shim/gen/have.txt" || skip "$1 is glibc's alone"
}

@test "a function found by libc's handle is the shim's" {
	both handle
}

@test "a function found by its version is the shim's" {
	glibc dlvsym
	both version
	both handle-version
}

@test "an object that is bound deeply comes to the shim" {
	glibc RTLD_DEEPBIND
	both deep make.so
	both deep-lazy lazy.so
	both deep-handle make.so
	both deep-default make.so
}

@test "its constructors do, too" {
	glibc RTLD_DEEPBIND
	EARLY_FILE=$FILE.early "$LOOKUP" deep "$FILE" "$OBJECTS/early.so"
	[[ -e $FILE.early ]]
	rm "$FILE" "$FILE.early"
	EARLY_FILE=$FILE.early shimmed "$LOOKUP" deep "$FILE" "$OBJECTS/early.so"
	[[ ! -e $FILE.early && ! -e $FILE ]]
}

@test "its own symbols go before all others" {
	glibc RTLD_DEEPBIND
	# Hers makes a directory, which is where the shim leads that.
	run -0 "$LOOKUP" deep "$FILE" "$OBJECTS/own.so"
	assert_output "deep: made, a directory"
	rmdir "$FILE"
	run -0 shimmed "$LOOKUP" deep "$FILE" "$OBJECTS/own.so"
	assert_output "deep: made, a directory"
	[[ ! -e $FILE ]]
}

@test "an interposer behind the shim still gets what is behind itself" {
	local way

	for way in plain handle; do
		LD_PRELOAD="$SHIM:$OBJECTS/next.so" run -0 "$LOOKUP" $way "$FILE"
		assert_output --regexp "$way: made, seen"
		[[ ! -e $FILE ]]
		[[ $way != plain || $output == next\ plain* ]]
	done
	glibc RTLD_DEEPBIND
	# Bound deeply, so past the interposer as it has always been.
	LD_PRELOAD="$SHIM:$OBJECTS/next.so" run -0 "$LOOKUP" deep "$FILE" "$OBJECTS/make.so"
	assert_output "next deep: made, seen"
	[[ ! -e $FILE ]]
}

@test "an interposer before the shim comes before it" {
	LD_PRELOAD="$OBJECTS/next.so:$SHIM" run -0 "$LOOKUP" plain "$FILE"
	assert_output "next plain: made, seen"
	[[ ! -e $FILE ]]
}

@test "an object in a namespace of its own comes to a shim there, in the same session" {
	glibc dlmopen
	both space make.so
	both space-handle make.so
	both space-default make.so
}

@test "its errors are in its own errno" {
	glibc dlmopen
	run -0 "$LOOKUP" failing "$FILE/none" "$OBJECTS/make.so"
	assert_output "No such file or directory"
	run -0 shimmed "$LOOKUP" failing "$FILE/none" "$OBJECTS/make.so"
	assert_output "No such file or directory"
}

@test "namespaces that are given back do not run out" {
	glibc dlmopen
	run -0 "$LOOKUP" spaces "$FILE" "$OBJECTS/make.so"
	assert_output 40
	rm -f "$FILE"
	run -0 shimmed "$LOOKUP" spaces "$FILE" "$OBJECTS/make.so"
	assert_output 40
	[[ ! -e $FILE ]]
	assert_no_session
}

@test "a program linked with a newer libc's openat2 comes to the shim, by its version" {
	glibc versions
	run -0 "$OBJECTS/user" "$FILE"
	[[ -e $FILE ]]
	rm "$FILE"
	run -0 shimmed "$OBJECTS/user" "$FILE"
	[[ ! -e $FILE ]]
	# The reference has a version, and the shim's function none.
	run -0 readelf -W --dyn-syms "$OBJECTS/user"
	assert_output --partial 'openat2@GLIBC_2.43'
}

@test "an old program's names of large files come to the shim, where libc has them no more" {
	both object old.so
}

@test "a second LD_PRELOAD in an environment does not take the shim's place" {
	local value

	run -0 "$LOOKUP" second "$FILE" "LD_PRELOAD=$OBJECTS/make.so"
	[[ -e $FILE ]]
	rm "$FILE"
	for value in "$OBJECTS/make.so" ""; do
		run -0 shimmed "$LOOKUP" second "$FILE" "LD_PRELOAD=$value"
		assert_output "plain: made, seen"
		[[ ! -e $FILE ]]
	done
	assert_no_session
}

@test "given to the loader alone, the shim is there for children, too" {
	local loader

	loader=$(readelf -lW "$LOOKUP" | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	[[ -n $loader ]] || skip "needs readelf"
	"$loader" --preload "$SHIM" "$LOOKUP" plain "$FILE"
	[[ ! -e $FILE ]]
	# The first one's child makes it.
	"$loader" --preload "$SHIM" "$LOOKUP" second "$FILE" UNUSED=
	[[ ! -e $FILE ]]
}

@test "a function that libc lacks works where that can be, else it says so" {
	TZ=UTC0 run -0 shimmed "$LOOKUP" newer "$FILE"
	assert_line "addchdir: 0"
	assert_line "renameat2: 0, seen"
	if [[ $output == *__futimesat64* ]]; then
		assert_line "__futimesat64: 0, 0, 0, 86400, Fri Jan  2 00:00:00 1970"
	fi
	assert_line --regexp "^pidfd_spawn: (libc's|Function not implemented)$"
	[[ ! -e $FILE && ! -e $FILE.other ]]
}
