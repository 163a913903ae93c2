# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs in valgrind: under the shim its memcheck finds in them what it finds without,
# no error and no leak more or less, and says nothing else. So it finds none in the
# shim, and the shim is in nobody's way who looks for those of a program.

load ../common

setup() {
	command -v valgrind >/dev/null || skip "needs valgrind"
	[[ $(uname -m) == x86_64 ]] || skip "the shim knows valgrind on x86-64 only"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers are not for valgrind"
	# valgrind is static: by the door it would have the shim in its programs stand aside.
	export PRIVTMP_UNCOVERED=warn
	DIR=/tmp/valgrind-$$-$RANDOM
	LOGS=$BATS_TEST_TMPDIR/logs
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	rm -rf "$DIR"*
}

# findings: what valgrind's logs say, without where.
findings() {
	sed -e 's/^[=-]*[0-9]*[=-]* //' -e '/^[ =]/d' -e '/^$/d' -e 's/ in loss record.*//' \
		-e 's/0x[0-9a-f]*/N/g' \
		"$LOGS"/* | sort | uniq -c
}

# in_valgrind COMMAND [ARG]...: COMMAND and what it starts, in memcheck, which does not
# look for leaks where LEAKS is "no", and at what is not initialised where VALUES is not.
in_valgrind() {
	rm -rf "$LOGS"
	mkdir "$LOGS"
	timeout 150 valgrind -q --trace-children=yes --leak-check="${LEAKS:-full}" \
		--undef-value-errors="${VALUES:-yes}" --log-file="$LOGS/%p" "$@"
}

# same COMMAND [ARG]...: it says the same and ends the same without the shim and with
# it, and the same is found.
same() {
	local bare found

	run --separate-stderr in_valgrind "$@"
	bare="$status: $output"
	found=$(findings)
	rm -rf "$DIR"*
	LD_PRELOAD=$SHIM run --separate-stderr in_valgrind "$@"
	assert_equal "$status: $output" "$bare"
	assert_equal "$(findings)" "$found" || {
		cat "$LOGS"/* >&2
		return 1
	}
	assert_no_session
}

# program NAME: compiles what stands in standard input.
program() {
	"${CC:-cc}" -D_GNU_SOURCE -g -o "$1" -x c -
}

@test "a program's own errors are found, and no others, also beside its paths" {
	program errors <<-'END'
		#include <stdlib.h>
		#include <string.h>
		#include <sys/stat.h>
		#include <unistd.h>

		int main(void)
		{
			struct stat st;
			char *fits = malloc(9), *endless = malloc(8);

			memcpy(fits, "/tmp/abc", 9);
			memcpy(endless, "/tmp/abc", 8);
			stat(fits, &st);
			stat(fits, &st);
			stat(endless, &st);
			free(fits);
			return access("/usr/share/none", F_OK) == 0;
		}
	END
	in_valgrind ./errors
	findings | grep -q 'unaddressable byte(s)'
	findings | grep -q 'definitely lost'
	LD_PRELOAD=$SHIM in_valgrind ./errors
	[[ $(findings | grep -c 'Invalid read\|unaddressable byte(s)') -ge 1 ]]
	findings | grep -q 'definitely lost'
	grep -q 'main (' "$LOGS"/*
	! findings | grep -v 'Invalid read\|unaddressable byte(s)\|definitely lost' || false
	refute grep -q '(view\.h:' "$LOGS"/*
}

@test "pointers that cannot be read give the same errors as without" {
	program faults <<-'END'
		#include <stdio.h>
		#include <string.h>
		#include <sys/mman.h>
		#include <sys/stat.h>
		#include <unistd.h>

		int main(void)
		{
			char *page;

			/* What the shim maps is there before the page's neighbour goes. */
			fclose(fopen("/tmp/faults", "w"));
			unlink("/tmp/faults");
			page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			munmap(page + 4096, 4096);
			memcpy(page + 4091, "/tmp/", 5);
			if (mkdir(page + 4091, 0700) < 0)
				perror("mkdir");
			if (access((char *)16, F_OK) < 0)
				perror("access");
			return 0;
		}
	END
	same sh -c './faults 2>&1'
	assert_line 'mkdir: Bad address'
	assert_line 'access: Bad address'
}

@test "calls of all kinds" {
	for what in files paths numbers programs; do
		same "$PROGS/abi" "$what" "$DIR"
	done
}

@test "addresses of sockets in buffers that hold nothing yet" {
	same "$PROGS/sockets" stream "$DIR" "$DIR-c"
	same "$PROGS/sockets" rooms "$DIR" "$DIR-c"
}

@test "walks of trees and patterns" {
	same sh -c "mkdir -p $DIR/a/b/c && cd $DIR && $PROGS/walkers nftw 1 $DIR &&
		$PROGS/walkers fts l . ../${DIR##*/} &&
		$PROGS/walkers glob 0 '/tmp/../$DIR/*' '*/b' && $PROGS/walkers wordexp '$DIR/* ~ x'"
}

@test "threads, forks and vforks" {
	LD_PRELOAD=$SHIM run -0 --separate-stderr in_valgrind "$PROGS/threads" crowd 8 1
	assert_output '12 in /tmp, 4 in /var/tmp'
	assert_equal "$(findings)" ""
	same "$PROGS/threads" forks 2 2
	same "$PROGS/threads" vforks
}

@test "here-documents of bash, its children, and a trap" {
	LEAKS=no same bash -c "trap 'cat $DIR' EXIT
		cat <<<here; echo there >$DIR; cat <<-END
			\$(cat $DIR)
		END"
	assert_output "$(printf '%s\n' here there there)"
}

@test "sort that spills" {
	seq 50000 >numbers
	LEAKS=no same sort -S 32K --parallel=1 numbers -o sorted
	run -0 env LD_PRELOAD="$SHIM" strace -f -e trace=openat -o trace \
		valgrind -q sort -S 32K --parallel=1 numbers -o sorted
	grep -q '/tmp/\.privtmp-.*/tmp/sort' trace
}

@test "perl's File::Temp, and a program that it starts" {
	command -v perl >/dev/null || skip "needs perl"
	# shellcheck disable=SC2016 # perl's variables
	LEAKS=no same perl -e 'use File::Temp qw(tempfile tempdir);
		my ($file, $name) = tempfile(UNLINK => 1, DIR => "/tmp");
		print $file "text\n";
		close $file;
		print `cat $name`;
		mkdir tempdir(CLEANUP => 1) . "/x" or die;'
	assert_output text
}

@test "the launcher" {
	# Of a static libc valgrind does not know which functions read a word at a time.
	VALUES=no in_valgrind "$PRIVTMP" run -- touch "$DIR"
	assert_equal "$(findings)" ""
	[[ ! -e $DIR ]]
	assert_no_session
}
