# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs that live in a corner of their own: children without a place for libc's
# thread-locals, processes that a seccomp filter ends for what they do not call themselves.

load common

teardown() {
	clear_tmp /tmp/corner /tmp/own /tmp/shut-in*
	assert_no_session 5
}

@test "children with the parent's memory and no thread-locals make their calls" {
	local bare

	run -0 "$PROGS/corner"
	bare=$output
	# All of them; chroot(2) is root's.
	assert_equal "$(grep -c ': exit 7$' <<<"$bare")" $((18 - ($(id -u) != 0)))
	clear_tmp /tmp/corner
	run -0 shimmed "$PROGS/corner"
	assert_output "$bare"
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 shimmed sh -c 'echo x >/tmp/x; "$PROGS/corner"'
	assert_output "$bare"
	run -0 env PRIVTMP_MODE=off LD_PRELOAD="$SHIM" "$PROGS/corner"
	assert_output "$bare"
	clear_tmp /tmp/corner
}

@test "no code of the shim's reaches into libc's thread-locals by itself" {
	command -v objdump >/dev/null || skip "needs objdump (binutils)"
	[[ $(uname -m) == x86_64 && $(getconf LONG_BIT) == 64 ]] || skip "looks for x86's segments"
	grep -q '^GUARD_CFLAGS = .*global' "$PRIVTMP_BUILD/Makefile" ||
		skip "the compiler knows no stack protector without them"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' code does"
	run -0 objdump -d "$SHIM"
	assert_output --partial syscall
	refute_output --regexp '%[fg]s:'
}

# shut_in COMMAND...: it says what it does bare.
shut_in() {
	run -0 "$PROGS/shut_in" "$@"
	clear_tmp /tmp/shut-in*
	run -0 shimmed "$PROGS/shut_in" "$@"
	assert_output "$([[ $1 == strict ]] || echo own)"
	# As another's child, too.
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 shimmed sh -c '"$0" "$@" && :' "$PROGS/shut_in" "$@"
	assert_output "$([[ $1 == strict ]] || echo own)"
	[[ ! -e /tmp/shut-in ]]
}

@test "who shuts itself in by a filter ends as it does bare, and leaves nothing" {
	local how end

	for how in prctl number seccomp; do
		for end in exit _exit quick_exit return number; do
			shut_in $how /tmp/shut-in $end
		done
	done
	shut_in strict /tmp/shut-in exit
}

@test "a filter that divides by 0, or shifts all bits, is known for what the kernel makes of it" {
	shut_in divide /tmp/shut-in exit
	shut_in shift /tmp/shut-in:/tmp/shut-in-link exit
}

@test "behind its filter a path leads to its own /tmp by its words, where there are links" {
	shut_in prctl /tmp/shut-in:/tmp/shut-in-link exit
}

@test "who is started under a filter ends as it does bare, and leaves nothing" {
	local filter=("$PROGS/refuse" kill getppid --)

	run -0 "${filter[@]}" "$PROGS/starts" make:/tmp/shut-in read:/tmp/shut-in
	rm /tmp/shut-in
	run -0 "${filter[@]}" env LD_PRELOAD="$SHIM" "$PROGS/starts" make:/tmp/shut-in read:/tmp/shut-in
	assert_output --partial program
	assert_no_session 5
	run -0 shimmed "$PROGS/starts" make:/tmp/shut-in \
		"sh:'${filter[0]}' kill getppid -- '$PROGS/starts' read:/tmp/shut-in"
	assert_output --partial program
	assert_no_session 5
}

@test "a program's own functions and variables by libc's names stay its own" {
	local bare

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time calls them"
	run -0 "$PROGS/own_names"
	bare=$(sort <<<"$output")
	clear_tmp /tmp/own
	run -0 shimmed "$PROGS/own_names"
	assert_equal "$(sort <<<"$output")" "$bare"
	run -0 "$PRIVTMP" audit --output "$BATS_TEST_TMPDIR/findings" "$PROGS/own_names"
	assert_equal "$(sort <<<"$output")" "$bare"
	clear_tmp /tmp/own
}

@test "the shim calls nothing by a name that a program may have of its own" {
	local library names reserved

	command -v readelf >/dev/null || skip "needs readelf (binutils)"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' code does"
	! grep -q '^COV_CFLAGS = *[^ ]' "$PRIVTMP_BUILD/Makefile" || skip "what counts does"
	# C's own and compilers', bash's line, and what tools and core/libc.h say of themselves.
	reserved='abort|at_quick_exit|bcmp|calloc|free|malloc|realloc|qsort|strtol|mem(chr|cmp|cpy|move|set)'
	reserved+='|str(chr|cmp|cpy|cspn|len|ncmp|ncpy|pbrk|rchr|spn|str)'
	reserved+='|executing_line_number|privtmp_tool|Annotate[A-Za-z]*|getauxval'
	for library in "$SHIM" "${SHIM%.so}-audit.so"; do
		names=$(readelf -rW "$library" | awk '/ R_/ && NF >= 5 { sub("@.*", "", $5); print $5 }')
		assert grep -qx malloc <<<"$names"
		refute grep -vxE "_.*|$reserved" <<<"$names"
	done
}
