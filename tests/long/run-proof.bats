# SPDX-License-Identifier: LGPL-2.1-or-later
# privtmp run proves that the shim has loaded in the command, or does not run it.

load ../common
load ../run

# make_program FLAGS NAME: compile progs/run_static.c, or skip.
make_program() {
	# shellcheck disable=SC2086 # a list of flags
	${CC:-cc} $1 -o "$2" "$PRIVTMP_SOURCE/tests/progs/run_static.c" \
		2>/dev/null || skip "the compiler makes no program with $1"
}

@test "by the shim alone a static program is not run, and a line says why" {
	local dir

	dir=$(scratch)
	make_program -static "$dir/static"
	run -125 "${RUN[@]}" --backend preload "$dir/static" "$dir/ran"
	one_line "$dir/static: statically linked"
	[[ ! -e $dir/ran ]]
	assert_no_session 0
}

@test "a static, position-independent program is not run either" {
	local dir

	dir=$(scratch)
	make_program -static-pie "$dir/static"
	run -125 "${RUN[@]}" --backend preload "$dir/static" "$dir/ran"
	one_line "$dir/static: statically linked"
	[[ ! -e $dir/ran ]]
}

@test "a script whose interpreter is static is not run" {
	local dir

	dir=$(scratch)
	make_program -static "$dir/static"
	printf '#!%s %s\n' "$dir/static" "$dir/ran" >"$dir/script"
	chmod +x "$dir/script"
	run -125 "${RUN[@]}" --backend preload "$dir/script"
	one_line "$dir/static: statically linked"
	[[ ! -e $dir/ran ]]
}

@test "with --onfail pass a static program runs, and a line says that it is unprotected" {
	local dir

	dir=$(scratch)
	make_program -static "$dir/static"
	run -0 "${RUN[@]}" --backend preload --onfail pass "$dir/static" "$dir/ran"
	one_line "it runs unprotected"
	[[ -e $dir/ran ]]
	assert_no_session 0
}

# may_set_ids DIR: set-user-ID bits count there.
may_set_ids() {
	! findmnt -no OPTIONS -T "$1" | grep -q nosuid
}

@test "a set-user-ID program is not run by another user, but by its owner" {
	local dir

	need_users
	dir=$(scratch)
	may_set_ids "$dir" || skip "set-user-ID is ignored here"
	make_program "" "$dir/setuid"
	chown "$OTHER_UID" "$dir/setuid"
	chmod 4755 "$dir/setuid"
	run -125 as_user "${RUN[@]}" "$dir/setuid" "$dir/ran"
	one_line "$dir/setuid: set-user-ID"
	[[ ! -e $dir/ran ]]
	run -0 as_user "${RUN[@]}" --onfail pass "$dir/setuid" "$dir/ran"
	one_line "it runs unprotected"
	rm "$dir/ran"
	run -0 as_other "${RUN[@]}" "$dir/setuid" "$dir/ran"
	assert_output ""
	[[ -e $dir/ran ]]
	assert_no_session 0
}

@test "a set-group-ID program is not run by another group" {
	local dir

	need_users
	dir=$(scratch)
	may_set_ids "$dir" || skip "set-group-ID is ignored here"
	make_program "" "$dir/setgid"
	chgrp "$OTHER_UID" "$dir/setgid"
	chmod 2755 "$dir/setgid"
	run -125 as_user "${RUN[@]}" "$dir/setgid" "$dir/ran"
	one_line "$dir/setgid: set-user-ID, set-group-ID"
	[[ ! -e $dir/ran ]]
}

@test "a program with file capabilities is not run but by root" {
	local dir

	need_users
	dir=$(scratch)
	may_set_ids "$dir" || skip "capabilities are ignored here"
	make_program "" "$dir/capable"
	setcap cap_net_raw+ep "$dir/capable" 2>/dev/null ||
		skip "needs setcap and a file system with capabilities"
	run -125 as_user "${RUN[@]}" "$dir/capable" "$dir/ran"
	one_line "with capabilities"
	[[ ! -e $dir/ran ]]
	run -0 "${RUN[@]}" "$dir/capable" "$dir/ran"
	[[ -e $dir/ran ]]
}

@test "where no-new-privileges makes set-user-ID void, the program runs protected" {
	local dir

	need_users
	dir=$(scratch)
	make_program "" "$dir/setuid"
	chown "$OTHER_UID" "$dir/setuid"
	chmod 4755 "$dir/setuid"
	run -0 as_user setpriv --no-new-privs "${RUN[@]}" "$dir/setuid" "$dir/ran"
	assert_output ""
	[[ -e $dir/ran ]]
}

@test "a program of the other word size comes in by mounts, and not without its shim" {
	local dir

	dir=$(scratch)
	[[ $(readelf -h "$SHIM") == *ELF64* ]] || skip "the shim is not a 64-bit one"
	make_program -m32 "$dir/small"
	run -125 "${RUN[@]}" --backend preload "$dir/small" "$dir/ran"
	one_line "$dir/small: a 32-bit program, and the shim is 64-bit"
	[[ ! -e $dir/ran ]]
	unshare --mount true 2>/dev/null || skip "needs a mount namespace for the rest"
	run -0 "${RUN[@]}" "$dir/small" "/tmp/$NAME"
	[[ ! -e /tmp/$NAME ]]
}

@test "a program for another kind of machine is not run" {
	local dir

	dir=$(scratch)
	make_program "" "$dir/other"
	# e_machine: Alpha, in either byte order.
	printf '\220\046' | dd of="$dir/other" bs=1 seek=18 conv=notrunc status=none
	run -125 "${RUN[@]}" --backend preload "$dir/other" "$dir/ran"
	one_line "$dir/other: made for another kind of machine"
}

@test "a command that ends without the shim in it is told, and gives 125" {
	local ldso

	ldso=$(readelf -lW /bin/sh | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	# It only lists what /bin/true needs, and loads nothing.
	run -125 "${RUN[@]}" "$ldso" --list /bin/true
	assert_output --partial "$ldso: has ended, and the shim had not been loaded"
	run -0 "${RUN[@]}" --onfail pass "$ldso" --list /bin/true
	assert_output --partial "it runs unprotected"
	assert_no_session 0
}

@test "it is told, too, where privtmp itself gets no memory to look at the proof" {
	local ldso n

	command -v strace >/dev/null || skip "needs strace"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' own calls would fail, too"
	strace -qq -o /dev/null -e inject=getppid:error=EIO true 2>/dev/null ||
		skip "strace cannot inject faults here"
	ldso=$(readelf -lW /bin/sh | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	for n in {1..200}; do
		! strace -qq -o "$LOG" -e "inject=mmap,?mmap2:error=ENOMEM:when=$n" \
			"$PRIVTMP" run "$ldso" --list /bin/true >/dev/null 2>&1 ||
			fail "$(tail -n 40 "$LOG")"
		grep -q INJECTED "$LOG" || break
	done
	# It came so far that every mapping has failed once.
	((n > 2 && n < 200)) || fail "$n mappings"
	assert_no_session 1
}

@test "the dynamic linker as the command is protected" {
	local ldso

	ldso=$(readelf -lW /bin/sh | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	run -0 "${RUN[@]}" "$ldso" /bin/sh -c "echo x >/tmp/$NAME; ls /tmp"
	assert_output "$NAME"
	[[ ! -e /tmp/$NAME ]]
}

@test "a program that cannot be read is ended when the shim does not show in it" {
	local dir

	need_users
	dir=$(scratch)
	make_program -static "$dir/static"
	chmod 0711 "$dir/static"
	SECONDS=0
	run -125 as_user "${RUN[@]}" "$dir/static" "$dir/ran" 30
	one_line "$dir/static: the shim has not been loaded into it"
	((SECONDS < 25))
	assert_no_session 0
}

@test "a program that takes its time to start is not ended" {
	local dir

	dir=$(scratch)
	cat >"$dir/slow.c" <<-'END'
		#include <unistd.h>
		__attribute__((constructor)) static void slow(void) { sleep(4); }
	END
	${CC:-cc} -shared -fPIC -o "$dir/slow.so" "$dir/slow.c"
	# Constructors run from the last library to the first.
	run -6 env "LD_PRELOAD=${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER:}$dir/slow.so" \
		"$PRIVTMP" run sh -c "exit 6"
	assert_output ""
}
