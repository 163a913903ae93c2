#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# HACKING's recipes, carried out in a copy of the sources: each change touches as many
# places as it says, and works.
#
# shellcheck disable=SC1003,SC2016,SC2030,SC2031 # for sed; inner shells; subshells

load ../common

setup_file() {
	local copy=$BATS_FILE_TMPDIR/copy

	mkdir "$copy"
	(cd "$PRIVTMP_SOURCE" && tar -cf - --exclude='./build*' --exclude=./.git .) |
		tar -xf - -C "$copy"
	cd "$copy" || return
	mkdir "$BATS_FILE_TMPDIR/roots"
	chmod 1777 "$BATS_FILE_TMPDIR/roots"

	# A function: a row.
	echo 'int | openat3 | int fd, const char *path, int flags, unsigned mode | path (follow_open(flags)) @fd (intent_open(flags))' \
		>>shim/wrap/calls.def
	# A setting: a row, and the place that uses it.
	change shim/policy/settings.h '/^#define SETTINGS_TABLE/a\
	ROW(FILE_LIMIT, file_limit, "file-limit", SIZE, "BYTES", RUN, \\\
	    "how much there may be", "How much there may be.") \\'
	change shim/session/plan.c '/The first root holds the lease/i\
	if (policy.file_limit == 64 << 20)\
		report("file-limit", "is 64 MiB", 0, NULL);'
	# Another place for roots: one function.
	change shim/policy/places.c "/^	if (asked.len)/i\\
	if (settings->mode && !asked.len)\\
		return policy_plain_path(\&(struct text){ \"$BATS_FILE_TMPDIR/roots\", ${#BATS_FILE_TMPDIR} + 6 }, out, size);"
	# A trace of each redirected call: one function.
	change shim/route/route.h '/^	(void)real;/a\
	SYS3(SYS_write, 2, "-> ", 3);\
	SYS3(SYS_write, 2, path, strlen(path));\
	SYS3(SYS_write, 2, "\\n", 1);'

	PRIVTMP_BUILD=$copy/build tools/build >&2
}

# change FILE SCRIPT: by sed, which has to change something.
change() {
	cp "$1" "$1.before"
	sed -i "$2" "$1"
	! cmp -s "$1" "$1.before"
}

setup() {
	PRIVTMP=$BATS_FILE_TMPDIR/copy/build/tools/privtmp
	SHIM=$BATS_FILE_TMPDIR/copy/build/shim/.libs/libprivtmp.so
	cd "$BATS_TEST_TMPDIR" || return
}

@test "a new function of libc is a row in calls.def" {
	cat >next.c <<-'END'
		#define _GNU_SOURCE
		#include <fcntl.h>
		int openat3(int fd, const char *path, int flags, unsigned mode)
		{
			return openat(fd, path, flags, mode);
		}
	END
	cat >main.c <<-'END'
		#include <fcntl.h>
		int openat3(int fd, const char *path, int flags, unsigned mode);
		int main(void)
		{
			return openat3(AT_FDCWD, "/tmp/openat3", O_CREAT | O_WRONLY, 0600) < 0;
		}
	END
	cc -shared -fPIC -o libnext.so next.c
	cc -o main main.c -L. -lnext -Wl,-rpath,"$PWD"
	./main
	[[ -e /tmp/openat3 ]]
	rm /tmp/openat3
	run -0 shimmed ./main
	[[ ! -e /tmp/openat3 ]]
	assert_no_session
}

@test "a new setting is a row, and the place that uses it" {
	run -0 env PRIVTMP_FILE_LIMIT=64M LD_PRELOAD="$SHIM" true
	assert_line --partial "file-limit: is 64 MiB"
	run -0 env PRIVTMP_FILE_LIMIT=65M LD_PRELOAD="$SHIM" true
	refute_output --partial "64 MiB"
	run -0 "$PRIVTMP" run --file-limit 65536K true
	assert_line --partial "file-limit: is 64 MiB"
	run -125 "$PRIVTMP" run --file-limit much true
	assert_output --partial "--file-limit much: is not a size"
	printf 'file-limit = 1G\nfile-limit = -1\nlimit = 1\n' >conf
	run -1 "$PRIVTMP" check-config conf
	assert_line "privtmp: conf:2: not a size; use a number of bytes, or one with K, M, G or T behind it"
	assert_line --partial "conf:3: unknown key; use file-limit, guard, share, root, "
	run -0 "$PRIVTMP" run --help
	assert_line --regexp '--file-limit BYTES +how much there may be'
	run -0 "$PRIVTMP" --completion bash
	assert_output --partial --file-limit
	run -0 "$PRIVTMP" unit --file-limit 1G legacy
	assert_line 'Environment="PRIVTMP_FILE_LIMIT=1G"'
}

@test "another place for roots is decided in one function" {
	run -0 env PRIVTMP_MODE=redirect "$PRIVTMP" run sh -c 'echo x >/tmp/x; ls -d "$1"/.privtmp-*' \
		sh "$BATS_FILE_TMPDIR/roots"
	run -0 env PRIVTMP_MODE=redirect "$PRIVTMP" run sh -c "echo x >/tmp/x; PRIVTMP_MODE=redirect $PRIVTMP list"
	assert_line --partial "$BATS_FILE_TMPDIR/roots/.privtmp-"
}

@test "each redirected call comes by one function" {
	run -0 env LD_PRELOAD="$SHIM" sh -c 'echo x >/tmp/x; cat /tmp/x /tmp/../tmp/x; cd /tmp; cat ../tmp/x'
	assert_line --index 0 -- "-> /tmp/x"
	assert_line -- "-> /tmp/../tmp/x"
	assert_line -- "-> /tmp"
}
