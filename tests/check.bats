#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016,SC2094,SC2154 # programs' text; scripts that are checked; bats' variables
#
# privtmp check: what files are, by reading them alone.

load common

setup() {
	TOOL=(env ${PRIVTMP_SANITIZER:+"LD_PRELOAD=$PRIVTMP_SANITIZER"} "$PRIVTMP")
	DIR=$(scratch)
	cd "$DIR" || return
	[[ -x $PRIVTMP_BUILD/tools/checker ]] || skip "was built without libelf"
}

# compile NAME [OPTION]...: a program of the C on standard input.
compile() {
	local name=$1

	shift
	${CC:-cc} -x c - -o "$name" "$@"
}

check() {
	"${TOOL[@]}" check "$@"
}

make_static() {
	compile static -static <<<'int main(void) { return 0; }' || skip "needs a static libc"
}

need_x86() {
	[[ $(uname -m) == x86_64 ]] || skip "has instructions of x86-64"
}

need_jq() {
	command -v jq >/dev/null || skip "needs jq"
}

# asm CODE: a program, "own", with these instructions in its main.
asm() {
	compile own <<<"int main(void) { __asm__ volatile(\"${1//%/%%}\"
		::: \"rax\", \"rcx\", \"r11\", \"rdi\", \"rsi\", \"rdx\", \"memory\"); return 0; }"
}

# found LINE-OF-THE-SCRIPT RULE PATH: the check's JSON, in the file "json", says so.
found() {
	jq -e --argjson line "$1" --arg rule "$2" --arg path "$3" '[.files[].findings[] |
		select(.line == $line and .rule == $rule and (.path // "") == $path)] |
		length == 1' json >/dev/null ||
		fail "no $2 for $3 in line $1: $(jq -c '.files[].findings[]' json)"
}

# -- Verdicts ----------------------------------------------------------------

@test "a dynamic program is covered, and it is said what it is" {
	compile plain <<<'#include <stdio.h>
		int main(void) { return !fopen("/etc/passwd", "r"); }'
	run -0 check plain
	assert_line --index 0 "plain: covered"
	assert_line "  door       preload"
	assert_line --regexp '^  program    (64|32)-bit .*, dynamic, (glibc 2\.|musl)'
}

@test "a static program is not, and the mount door serves it" {
	make_static
	run -1 check static
	assert_line --index 0 "static: not-covered"
	assert_line "  door       mount"
	assert_line --partial "statically linked"
}

@test "a program that opens by a system call of its own is covered in part" {
	need_x86
	asm 'mov $257, %eax; mov $-1, %edi; xor %esi, %esi; xor %edx, %edx; syscall'
	run -1 check own
	assert_line --index 0 "own: partly"
	assert_line "  door       mount"
	assert_line --regexp '^  why        own has system calls of its own: openat \(first at 0x'
}

@test "so is one whose number comes by another register, the stack or the old interrupt" {
	need_x86
	asm 'mov $83, %edx; mov %edx, %eax; syscall'
	run -1 check own
	assert_line --partial "its own: mkdir ("
	asm 'push $87; pop %rax; syscall'
	run -1 check own
	assert_line --partial "its own: unlink ("
	# Behind a return, that holds which held where it was jumped from.
	asm 'mov $84, %r12d; jmp 1f; pop %r12; ret; 1: mov %r12d, %eax; syscall'
	run -1 check own
	assert_line --partial "its own: rmdir ("
	asm 'mov $5, %eax; int $0x80'
	run -1 check own
	assert_line --partial "its own: open ("
}

@test "one whose number is not to be seen, too" {
	need_x86
	asm 'mov (%rsp), %eax; syscall'
	run -1 check own
	assert_line --partial "a system call whose number is not written in the code"
}

@test "who binds deeply is named, and covered all the same" {
	local flag

	need_x86
	need_jq
	for flag in RTLD_DEEPBIND 0; do
		compile own -DFLAG=$flag -ldl <<<'#define _GNU_SOURCE
			#include <dlfcn.h>
			int main(void) { return !dlopen("x.so", RTLD_NOW | FLAG); }'
		run -0 check --format json own
		run -0 jq -c '.files[0] | [.dlopen, .deepbind, .verdict]' <<<"$output"
		[[ $flag == 0 ]] || assert_output '[true,true,"covered"]'
		[[ $flag != 0 ]] || assert_output '[true,false,"covered"]'
		run -0 check own
		[[ $flag == 0 ]] || assert_line '  also takes dlopen (RTLD_DEEPBIND)'
		[[ $flag != 0 ]] || assert_line '  also takes dlopen'
	done
}

@test "io_uring is found" {
	need_x86
	asm 'mov $425, %eax; syscall'
	run -1 check own
	assert_line --partial "own uses io_uring by system calls of its own"
}

@test "other system calls, and bytes that only look like one, are no reason" {
	need_x86
	asm '.fill 4096, 1, 0x90; mov $39, %eax; syscall; mov $0x050f0002, %eax; mov $257, %ecx; cmp $0x80cd, %ecx'
	run -0 check own
	assert_line --index 0 "own: covered"
	# A table between two functions.
	compile own <<<'__asm__(".text; table: .fill 8, 1, 0x90; mov (%rsp), %eax; syscall");
		int main(void) { __asm__(".fill 4096, 1, 0x90"); return 0; }'
	run -0 check own
	assert_line --index 0 "own: covered"
}

@test "what a library does counts, wherever it is found" {
	need_x86
	mkdir lib sub
	compile lib/libown.so -shared -fPIC <<<'void own(void) {
		__asm__ volatile("mov $85, %%eax; syscall" ::: "rax", "rcx", "r11"); }'
	compile prog -Llib -lown -Wl,-rpath,'$ORIGIN/lib' \
		<<<'void own(void); int main(void) { own(); return 0; }'
	run -1 check prog
	assert_line --partial "libown.so has system calls of its own: creat"
	# By a link, the directory is that of the file.
	ln -s ../prog sub/link
	run -1 check sub/link
	assert_line --partial "libown.so has system calls of its own: creat"
	mv lib gone
	run -1 check prog
	assert_line --index 0 "prog: partly"
	assert_line --partial "libown.so was not found"
}

@test "a set-user-ID or set-group-ID program is not covered, whoever asks" {
	cp "$(type -P true)" own
	chmod 4755 own
	run -1 check own
	assert_line --index 0 "own: not-covered"
	assert_line --partial "set-user-ID: the dynamic linker ignores LD_PRELOAD"
	assert_line --partial "secure-execution mode (AT_SECURE)"
	chmod 2755 own
	run -1 check own
	assert_line --partial "set-group-ID: the dynamic linker ignores LD_PRELOAD"
}

@test "a Go program is known by what its linker leaves in it" {
	compile own <<<'__asm__(".section .note.go.buildid, \"a\", @note; .long 4, 4, 4;"
		".asciz \"Go\"; .byte 0; .long 0x41414141; .previous");
		int main(void) { return 0; }'
	run -1 check own
	assert_line --index 0 "own: not-covered"
	assert_line --partial "made by Go"
}

@test "a program for another libc is not covered" {
	compile own -Wl,--dynamic-linker=/lib/ld-other.so.1 <<<'int main(void) { return 0; }'
	run -1 check own
	assert_line --partial "made for another libc"
}

@test "a script is covered as its interpreter is" {
	printf '#!/bin/sh\n' >covered
	printf '#!/usr/bin/env -S sh -e\n' >by-env
	make_static
	printf '#!%s\n' "$DIR/static" >by-static
	printf '#!/nowhere/sh\n' >nothing
	run -0 check covered by-env
	mkdir -p bin/static
	cp static bin/mine
	for words in "-S sh" "-Ssh -e" "-i sh" "-iS sh -e" "-S -u mine sh" "-S -umine sh" \
		"-S --unset mine sh" "-S --unset=mine A=b sh" "--split-string=sh -e" "-S -C / sh" \
		'-S "sh" -e' "-S 's'\"h\"" '-S A="b c" sh' '-S\_sh\_-e' '-S sh\c -e' '-S "A=\" x" sh'; do
		printf '#!/usr/bin/env %s\n' "$words" >by-env
		run -0 check by-env
		assert_line "  script of  $(command -v sh)"
	done
	# A carriage return is a part of the name, and env has one word without an option.
	for words in /bin/sh '/usr/bin/env sh'; do
		printf '#!%s\r\n' "$words" >by-env
		run -1 check by-env
		assert_line --partial "its interpreter ${words##* }\\x0d cannot be looked at"
	done
	printf '#!/usr/bin/env sh -e\n' >by-env
	run -1 check by-env
	assert_line --partial "its interpreter sh -e cannot be looked at"
	# As execvp finds it: by an empty element here, and no directory.
	for path in "$PATH:$DIR/bin" ":$PATH" "$PATH:" "$PATH::/nowhere"; do
		printf '#!/usr/bin/env %s\n' static >by-path
		[[ $path != *"$DIR/bin" ]] || printf '#!/usr/bin/env %s\n' mine >by-path
		PATH=$path run -1 check by-path
		assert_line --partial ": statically linked"
	done
	PATH=$DIR/bin:$DIR:$PATH run -1 check by-path
	assert_line --partial "its interpreter $DIR/static: statically linked"
	run -1 check by-static
	assert_line --index 0 "by-static: not-covered"
	assert_line --partial "its interpreter $DIR/static: statically linked"
	run -1 check nothing
	assert_line --partial "its interpreter /nowhere/sh cannot be looked at"
	assert_line "  door       none"
}

# -- Findings ----------------------------------------------------------------

@test "functions that make names are found, and paths that are built in" {
	compile own -w <<<'#include <stdlib.h>
		#include <stdio.h>
		int main(void) { char t[] = "/tmp/good.XXXXXX"; puts("see /var/tmp/notes.");
		puts("/home/x/tmp/y /tmp/.X11-unix/X0"); mktemp(t); return !tmpnam(NULL); }'
	run -0 check own
	assert_line "  insecure-name-api: It calls mktemp."
	assert_line "  insecure-name-api: It calls tmpnam."
	assert_line --regexp '^  hardcoded-path: /var/tmp/notes: .* \(at 0x'
	refute_line --partial good
	refute_line --partial X11
	refute_line --partial /tmp/y
}

@test "a shell script's names are found, with their lines" {
	need_jq
	cat >script <<'END'
#!/bin/sh
# /tmp/comment
echo x >/tmp/fixed
echo x >> "/tmp/pid.$$"
f=$(mktemp -u)
g=$(mktemp -d /tmp/good.XXXXXX)
cat /tmp/read
t=${TMPDIR:-/tmp}/x.$(date +%s)
echo '#' /tmp/.X11-unix "$g" "$f" "$t"
mktemp -d -t u-name.XXXXXX | tee /var/tmp/copy
set -C
echo x >/tmp/kept
END
	check --format json script >json
	found 3 predictable-name /tmp/fixed
	found 3 missing-exclusive /tmp/fixed
	found 4 predictable-name '/tmp/pid.$$'
	found 4 missing-exclusive '/tmp/pid.$$'
	found 5 insecure-name-api ''
	found 7 hardcoded-path /tmp/read
	found 8 predictable-name '/tmp/x.$'
	found 10 missing-exclusive /var/tmp/copy
	found 12 predictable-name /tmp/kept
	run -0 jq -c '[.files[].findings[] | select(.line | IN(2, 6, 9))]' json
	assert_output '[]'
	run -0 jq -c '[.files[].findings[] | select(.line == 12).rule]' json
	assert_output '["predictable-name"]'
}

@test "a word counts where it stands alone, an option in any place, a redirection in any form" {
	need_jq
	cat >script <<'END'
#!/bin/sh
f=$(mktemp --dry-run)
f=$(mktemp -dqu)
f=$(mktemp -p /srv -u x)
f=$(mktemp -d; ls -u)
f=$(xmktemp -u; mktemp_own -u)
f=$(mktemp --suffix=-u -d)
echo x >|/tmp/forced
echo x >> '/tmp/quoted'
echo x | /tmp/piped
touch x; cat /tmp/only-read
touch x | cat /tmp/read-too
touch /tmp/touched
f=}:-/tmp}/odd
END
	check --format json script >json
	found 2 insecure-name-api ''
	found 3 insecure-name-api ''
	found 4 insecure-name-api ''
	found 8 missing-exclusive /tmp/forced
	found 9 missing-exclusive /tmp/quoted
	found 10 hardcoded-path /tmp/piped
	found 11 hardcoded-path /tmp/only-read
	found 12 hardcoded-path /tmp/read-too
	found 13 missing-exclusive /tmp/touched
	run -0 jq -c '[.files[].findings[] | select(.line | IN(5, 6, 7))]' json
	assert_output '[]'
}

@test "Python's, Perl's and Ruby's, too" {
	need_jq
	cat >script.py <<'END'
"""Writes /tmp/documented."""
import os, tempfile
open("/tmp/fixed", "w")
open("/tmp/read").read()
open("/tmp/pid.%d" % os.getpid(), 'ab')
tempfile.mktemp()
tempfile.mkstemp(dir="/tmp/")
END
	check --format json script.py >json
	found 3 missing-exclusive /tmp/fixed
	found 4 hardcoded-path /tmp/read
	found 5 predictable-name /tmp/pid.%d
	found 5 missing-exclusive /tmp/pid.%d
	found 6 insecure-name-api ''
	run -0 jq '[.files[].findings[] | select(.line | IN(1, 2, 7))] | length' json
	assert_output 0
	cat >script.pl <<'END'
use POSIX;
open(my $f, '>', "/tmp/fixed.$$");
open(F, ">/tmp/old");
my $n = tmpnam();
=pod

/tmp/documented

=cut
open(F, "</tmp/read");
END
	check --format json script.pl >json
	found 2 predictable-name '/tmp/fixed.$$'
	found 2 missing-exclusive '/tmp/fixed.$$'
	found 3 missing-exclusive /tmp/old
	found 4 insecure-name-api ''
	found 10 hardcoded-path /tmp/read
	run -0 jq '[.files[].findings[] | select(.line == 7)] | length' json
	assert_output 0
	printf '%s\n' '#!/usr/bin/env ruby' 'File.write("/tmp/fixed", 1)' \
		'Dir::Tmpname.create("x") { }' >script
	check --format json script >json || :
	found 2 missing-exclusive /tmp/fixed
	found 3 insecure-name-api ''
}

# -- Output ------------------------------------------------------------------

@test "JSON has a member for each thing that is known" {
	need_jq
	make_static
	check --format json "$(type -P cat)" static >json || :
	run -0 jq -r '.files[0] | .verdict, .door, .linking, .kind,
		(.functions | index("open") != null), (.libraries | length > 0),
		.secure_execution, (.findings | type), .bits' json
	assert_output "$(printf '%s\n' covered preload dynamic program true true false array \
		"$(getconf LONG_BIT)")"
	run -0 jq -c '.summary' json
	assert_output '{"files":2,"covered":1,"partly":0,"not_covered":1,"wrong":0,"findings":0}'
}

@test "SARIF has the findings of all files, and what is not covered" {
	need_jq
	printf '#!/bin/sh\necho x >/tmp/fixed\n' >script
	make_static
	check --format sarif script static >sarif || :
	run -0 jq -r '.version, (.runs[0].results[] | .ruleId)' sarif
	assert_output "$(printf '%s\n' 2.1.0 missing-exclusive predictable-name not-covered)"
}

@test "of a directory each file is looked at once, and only the others are named" {
	make_static
	mkdir -p dir/sub
	cp "$(type -P true)" dir/a
	ln dir/a dir/sub/b
	ln -s a dir/0
	ln -s sub dir/loop
	ln -s .. dir/sub/up
	echo text >dir/text
	mv static dir/sub/static
	run -1 check dir
	assert_line --index 0 --regexp '^not-covered  mount    dir/sub/static: statically'
	assert_line --index 1 --regexp '^2 files: 1 covered, 0 partly, 1 not covered; [0-9]+ findings$'
	assert_equal "${#lines[@]}" 2
	run -1 check --verbose dir
	assert_line "dir/a: covered"
}

@test "a directory that is named by a link is searched, as /bin is" {
	mkdir dir
	cp "$(type -P true)" dir/a
	ln -s dir link
	run -0 check --verbose link
	assert_line "link/a: covered"
	assert_line --regexp "^1 file: 1 covered"
	run -0 check --verbose link/
	assert_line "link/a: covered"
}

@test "files of a directory on an overlay are looked at, and what is mounted there is not" {
	local world='mount -t tmpfs none /mnt && mkdir /mnt/up /mnt/work &&
		mount -t overlay -o "lowerdir=$DIR/dir,upperdir=/mnt/up,workdir=/mnt/work" o dir &&
		mount -t tmpfs none dir/mounted && cp a dir/mounted'

	[[ $EUID == 0 ]] || skip "needs root"
	mkdir -p dir/sub dir/mounted
	cp "$(type -P true)" a
	cp a dir/sub
	export DIR
	unshare -m sh -c "$world" || skip "needs overlayfs"
	run -0 unshare -m sh -c "$world"' && exec "$@"' sh "${TOOL[@]}" check --verbose dir
	assert_line "dir/sub/a: covered"
	refute_output --partial dir/mounted
}

@test "a file of debug information alone is no damaged program" {
	command -v objcopy >/dev/null || skip "needs objcopy"
	mkdir dir
	compile dir/p -g <<<'int main(void) { return 0; }'
	objcopy --only-keep-debug dir/p dir/p.debug
	run -0 check dir
	assert_line --index 0 --regexp '^1 file: 1 covered'
	run -1 check dir/p.debug
	assert_line "privtmp: dir/p.debug: neither a program, a library nor a script; name one, or the directory they are in"
}

@test "a directory that cannot be listed is named, and counts" {
	need_users
	mkdir -p dir/closed
	chmod 0 dir/closed
	chmod 755 . dir
	run -1 as_user "${TOOL[@]}" check "$PWD/dir"
	assert_line --index 0 "privtmp: $PWD/dir/closed: cannot be read: Permission denied (13); check its permissions, or do it as root"
	assert_line --index 1 "0 files: 0 covered, 0 partly, 0 not covered; 1 could not be read; 0 findings"
	chmod 700 dir/closed
	# Listed, but not looked at: each file is named.
	cp /bin/true dir/closed/a
	cp /bin/true dir/closed/b
	chmod 744 dir/closed
	run -1 as_user "${TOOL[@]}" check "$PWD/dir"
	assert_line --index 0 --partial "$PWD/dir/closed/a: cannot be read: Permission denied"
	assert_line --index 1 --partial "$PWD/dir/closed/b: cannot be read: Permission denied"
	assert_line --index 2 --partial "; 2 could not be read; 0 findings"
}

@test "on a terminal a bar shows how far it is, and goes away" {
	command -v script >/dev/null || skip "needs script(1)"
	# At the end of its input, or of the command, script(1) may not wait for the rest.
	mkfifo input
	script -qec "${TOOL[*]} check $PROGS; sleep 1" /dev/null <>input >out 2>&1 || :
	grep -F '[....................] 0/' out
	# Nothing is left of it in the last line.
	run -0 tail -n 1 out
	assert_line --regexp '^(.*'$'\r''.\[K)?[0-9]+ files: '
	run check "$PROGS"
	refute_output --partial '[....'
}

@test "the exit status is 0, 1 or 2" {
	make_static
	run -0 check "$(type -P true)"
	run -1 check static
	run -1 check "$(type -P true)" nothing-there
	assert_line --partial "nothing-there: cannot be read: No such file"
	run -2 check
	run -2 check --format html "$(type -P true)"
	run -2 check --frobnicate
}

# -- Enemies -----------------------------------------------------------------

@test "what is neither a program, a library nor a script is said to be that" {
	echo text >text
	compile object.o -c <<<'int x;'
	mkfifo fifo
	perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
	run -1 timeout 10 "${TOOL[@]}" check text object.o fifo socket
	assert_line "privtmp: text: neither a program, a library nor a script; name one, or the directory they are in"
	assert_line "privtmp: object.o: neither a program, a library nor a script; name one, or the directory they are in"
	assert_line "privtmp: fifo: neither a program, a library nor a script; name one, or the directory they are in"
	assert_line "privtmp: socket: neither a program, a library nor a script; name one, or the directory they are in"
}

@test "of a damaged file the line tells cause and remedy" {
	cp "$(type -P true)" whole
	head -c 16 whole >cut-1
	head -c 64 whole >cut-2
	head -c $(($(stat -c %s whole) / 4)) whole >cut-3
	run -1 "${TOOL[@]}" check cut-*
	assert_line "privtmp: cut-1: its ELF header is damaged; install it again if it is used"
	assert_line "privtmp: cut-2: its program headers are damaged; install it again if it is used"
	assert_line "privtmp: cut-3: its dynamic section is damaged; install it again if it is used"
}

@test "a damaged file gives a line, and the others their verdicts" {
	local size

	cp "$(type -P true)" whole
	size=$(stat -c %s whole)
	for at in 4 16 52 64 100 $((size / 4)) $((size / 2)); do
		head -c "$at" whole >"cut-$at"
	done
	run -1 timeout 20 "${TOOL[@]}" check cut-* whole
	assert_line --regexp '^privtmp: cut-64: '
	assert_line --regexp '^covered .* whole'
	refute_output --partial Segmentation
}

@test "files with bytes changed at random never bring it down" {
	local status

	compile own <<<'#include <stdio.h>
		int main(void) { return !fopen("/tmp/x", "w"); }'
	for ((seed = 1; seed <= 40; seed++)); do
		cp own "m$seed"
		awk -v seed="$seed" -v size="$(stat -c %s own)" 'BEGIN { srand(seed)
			for (i = 0; i < 30; i++)
				printf "%d %03o\n", (i % 2 ? 1024 : size) * rand(), 256 * rand() }' |
			while read -r at byte; do
				# shellcheck disable=SC2059 # a byte
				printf "\\$byte" | dd of="m$seed" bs=1 seek="$at" conv=notrunc status=none
			done
	done
	status=0
	timeout 60 "${TOOL[@]}" check --verbose m* >out 2>&1 || status=$?
	[[ $status -le 1 ]] || fail "status $status: $(tail -n 5 out)"
}

@test "whatever number of a file is wrong, there is one verdict of it, or one line why not" {
	local options

	for options in '-Wl,-z,now' '-s -Wl,--hash-style=sysv -Wl,--disable-new-dtags'; do
		rm -rf own copies
		# shellcheck disable=SC2086 # words
		compile own $options -Wl,-rpath,'$ORIGIN/lib:${LIB}/x' <<<'#include <dlfcn.h>
			#include <stdio.h>
			int main(void) { return !fopen("/tmp/x", "w") + !dlopen("x", RTLD_NOW | 8); }'
		mkdir copies
		"$PROGS/damage" own copies
		run -1 --separate-stderr timeout 60 "${TOOL[@]}" check --verbose copies/*
		{
			sed -n 's/^\(copies[^:]*\): [a-z-]*$/\1/p' <<<"$output"
			sed -n 's/^privtmp: \(copies[^:]*\): [^:]*$/\1/p' <<<"$stderr"
		} | sort >got
		printf '%s\n' copies/* | sort | diff - got
	done
	[[ $(wc -l <got) -gt 500 ]]
}

@test "names and texts cannot write to the terminal what they like" {
	printf '#!/bin/sh\necho >/tmp/x\e[31m\n' >$'bad\e[2Jname'
	run check $'bad\e[2Jname'
	refute_output --partial $'\e'
	assert_line --index 0 --partial 'bad\x1b[2Jname: covered'
}

# -- The table ---------------------------------------------------------------

@test "system calls with a path are known by the numbers of each machine" {
	local table=$PRIVTMP_SOURCE/tools/binary/path_calls.c name bits

	if ! ${CC:-cc} -dM -E - </dev/null | grep -q 'define __x86_64__ '; then
		skip "compares x86's numbers"
	fi
	# Those that the shim knows, but for what has no path.
	{
		echo '#include <sys/syscall.h>'
		grep -ohE 'SYS_[a-z0-9_]+' "$PRIVTMP_BUILD/shim/gen/gates.h" | sort -u |
			sed 's/SYS_\(.*\)/#ifdef &\nhas "\1"\n#endif/'
	} | ${CC:-cc} -E -x c - | sed -n 's/^has //p' >names
	[[ $(wc -l <names) -gt 30 ]]
	while read -r name; do
		grep -q "$name" "$table" || fail "path_calls.c has no $name"
	done <names
	for bits in 64 32; do
		sed -n 's/^\t{ "\([a-z0-9_]*\)", *{ *\([-0-9]*\), *\([-0-9]*\),.*/\1 \2 \3/p' "$table" |
			awk -v bits=$bits '{ n = bits == 64 ? $2 : $3
				printf "#if defined __NR_%s && __NR_%s != %d\n#error %s\n#endif\n", $1, $1, n, $1 }' |
			cat <(echo "#include <asm/unistd_$bits.h>") - >numbers.c
		[[ $(wc -l <numbers.c) -gt 200 ]]
		${CC:-cc} -fsyntax-only -x c numbers.c
	done
}
