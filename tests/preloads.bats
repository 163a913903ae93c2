#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each way to name the shim in LD_PRELOAD: children are covered wherever they go, and those of
# another kind that cannot be are told apart by their files.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded by inner shells; subshells

load common

setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has to come first"
	DIR=$(scratch)
	NAME=privtmp-preloads-$$-$RANDOM
	export DIR NAME
	mkdir -p "$DIR/shim/.libs"
	cp "$SHIM" "$DIR/shim/.libs"
	ln -s "$PRIVTMP_BUILD/tools" "$DIR/tools"
	cd "$DIR" || return
}

teardown() {
	rm -f "/tmp/$NAME"
}

# goes_on VARIABLE=VALUE...: a child of a child, started elsewhere, sees the same private /tmp.
goes_on() {
	run -0 --separate-stderr env "$@" \
		sh -c 'cd / && echo own >/tmp/$NAME && env sh -c "cat /tmp/$NAME; cd /tmp; env ls"'
	[[ ! -e /tmp/$NAME ]] || fail "$*: made in everybody's /tmp"
	assert_output "$(printf 'own\n%s' "$NAME")"
	assert_no_session
}

@test "a relative name, and one that LD_LIBRARY_PATH leads to, last for children elsewhere" {
	goes_on LD_PRELOAD=shim/.libs/libprivtmp.so
	goes_on LD_PRELOAD=./shim/../shim/.libs/libprivtmp.so
	goes_on LD_LIBRARY_PATH=shim/.libs LD_PRELOAD=libprivtmp.so
	goes_on LD_LIBRARY_PATH="/none:$DIR/shim/.libs//" LD_PRELOAD=libprivtmp.so
	goes_on LD_LIBRARY_PATH="$DIR/none;$DIR/shim/.libs" LD_PRELOAD=libprivtmp.so
	goes_on LD_LIBRARY_PATH="/:shim/.libs:" LD_PRELOAD="  libprivtmp.so "
	cd shim/.libs
	goes_on LD_LIBRARY_PATH=: LD_PRELOAD=libprivtmp.so
	goes_on LD_LIBRARY_PATH=. LD_PRELOAD=./libprivtmp.so
}

@test "so do names with \$ORIGIN, very long ones, and lists of several" {
	local bin long

	bin=$(dirname "$(readlink -f "$(command -v env)")")
	[[ $bin == "$(dirname "$(readlink -f "$(command -v sh)")")" ]] || skip "programs are in several places"
	goes_on LD_PRELOAD="\$ORIGIN${bin//[^\/]/}/../../../../../../..$DIR/shim/.libs/libprivtmp.so"
	long=$(printf '%0200d' 0)/$(printf '%0200d' 0)
	mkdir -p "$long/shim"
	mv shim/.libs "$long/shim"
	ln -s "$PRIVTMP_BUILD/tools" "$long"
	goes_on LD_PRELOAD="$DIR/$long/shim/.libs/libprivtmp.so"
	goes_on LD_PRELOAD="$long/shim/.libs/libprivtmp.so"
	goes_on LD_LIBRARY_PATH="$long/shim/.libs" LD_PRELOAD=/none.so:libprivtmp.so:./none.so
}

@test "by ld.so --preload, too, and where the environment is too large to be published" {
	local loader vector

	loader=$(ldd "$(command -v sh)" | grep -o '/[^ ]*/ld-[^ ]*' | head -n 1)
	if "$loader" --preload "$SHIM" /bin/true 2>/dev/null; then
		run -0 "$loader" --preload "$SHIM" "$(readlink -f "$(command -v sh)")" -c \
			'cd / && echo own >/tmp/$NAME && env cat /tmp/$NAME'
		assert_output own
		[[ ! -e /tmp/$NAME ]]
	fi
	mapfile -t vector < <(printf 'V%d=x\n' {1..1100})
	goes_on "${vector[@]}" LD_PRELOAD="$SHIM"
	assert_no_session
}

# program OPTION...: makes "program" from standard input, assembly that ends with 7.
program() {
	${CC:-cc} -nostdlib -nostartfiles -o program "$@" -x assembler - 2>"$BATS_TEST_TMPDIR/errors" ||
		skip "cannot be built here: $(cat "$BATS_TEST_TMPDIR/errors")"
}

# execute: "program", where PRIVTMP_UNCOVERED is deny.
execute() {
	run --separate-stderr env PRIVTMP_UNCOVERED=deny LD_PRELOAD="${WORD:-$SHIM}" \
		"$PROGS/uncovered" execve "$DIR/program"
}

# denied TEXT: it is not executed where PRIVTMP_UNCOVERED is deny, and TEXT says why.
denied() {
	execute
	# shellcheck disable=SC2154 # of run
	[[ $stderr == "privtmp: $DIR/program: $1"*"not executed, since PRIVTMP_UNCOVERED is deny" ]] ||
		fail "$output $stderr"
	assert_output EACCES
}

# tried ERROR: it is handed to the kernel, which says so.
tried() {
	execute
	assert_output "$1"
	[[ $stderr != *"not executed"* ]] || fail "$stderr"
}

START='.globl _start
_start:	nop
	.section .note.GNU-stack,"",%progbits'

@test "deny: a program of Go's, and one of another libc, are known by their files, and not executed" {
	program -pie -Wl,--dynamic-linker=/none/ld.so <<<"$START"
	tried ENOENT
	program -pie -Wl,--dynamic-linker=/none/ld-musl-x.so.1 <<<"$START"
	denied "made for another libc than the shim"
	program -pie -Wl,--dynamic-linker=/none/ld.so <<<"$START
	.section .note.go.buildid,\"a\",%note
	.long 4, 4, 4
	.ascii \"Go\\0\\0\"
	.long 0"
	denied "Go's, so that it calls the kernel past any library"
	# A note of another name, one of a length that no file has, and none behind it.
	program -pie -Wl,--dynamic-linker=/none/ld.so <<<"$START
	.section .note.x,\"a\",%note
	.long 4, 4, 4
	.ascii \"Gone\"
	.long 0, 0x7fffffff, 0x7fffffff, 4"
	tried ENOENT
}

@test "deny: a file that is no program for this machine is left to the kernel, which refuses it" {
	program -pie -Wl,--dynamic-linker=/none/ld.so <<<"$START"
	cp program whole
	# Of another byte order, machine, type; without segments; cut off.
	for at in 5 18 16 56; do
		cp whole program
		printf '\377' | dd of=program bs=1 seek="$at" conv=notrunc status=none
		execute
		[[ $output == E* && $stderr != *"not executed"* ]] || fail "$at: $output $stderr"
	done
	for n in 0 1 2 3 17 40 63 70 200; do
		head -c "$n" whole >program
		execute
		[[ $output == E* && $stderr != *"not executed"* ]] || fail "$n: $output $stderr"
	done
	assert_no_session
}

@test "deny: one of the other word size is executed only if the shim is there for that, too" {
	[[ $(uname -m) == x86_64 && $(od -An -tu1 -j4 -N1 "$SHIM") -eq 2 ]] ||
		skip "only x86-64's other size is known here"
	program -m32 -pie -Wl,-melf_i386 -Wl,--dynamic-linker=/none/ld.so <<<"$START"
	mkdir -p {usr/lib/x86_64-linux-gnu,usr/lib/i386-linux-gnu,lib,lib64,lib32,elsewhere}
	for dir in usr/lib/x86_64-linux-gnu lib64 lib elsewhere; do
		cp "$SHIM" "$dir"
	done
	denied "of a word size for which no shim is installed beside this one"
	WORD='$ORIGIN/'$(realpath --relative-to="$PROGS" lib64)/libprivtmp.so
	denied "of a word size"
	# One of the same size does not help, nor what is no library.
	cp "$SHIM" lib32
	denied "of a word size"
	echo text >lib32/libprivtmp.so
	denied "of a word size"
	cp program lib32/libprivtmp.so
	tried ENOENT
	WORD='$ORIGIN/'$(realpath --relative-to="$PROGS" lib)/libprivtmp.so
	tried ENOENT
	rm lib32/libprivtmp.so
	denied "of a word size"
	WORD='$ORIGIN/'$(realpath --relative-to="$PROGS" usr/lib/x86_64-linux-gnu)/libprivtmp.so
	denied "of a word size"
	cp program usr/lib/i386-linux-gnu/libprivtmp.so
	tried ENOENT
	WORD='$ORIGIN/'$(realpath --relative-to="$PROGS" elsewhere)/libprivtmp.so
	denied "of a word size"
	# Its own file is of no use to the other linker.
	WORD=$DIR/usr/lib/x86_64-linux-gnu/libprivtmp.so
	denied "of a word size"
}
