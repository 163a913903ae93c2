# SPDX-License-Identifier: LGPL-2.1-or-later
# The shim built so that whatever C leaves undefined ends the program: signed
# overflow, misaligned and null pointers, shifts, bounds of arrays. The other
# sanitizers are in sanitizers.bats.

load ../common
load nested

setup_file() {
	export TRAP_BUILD=$PRIVTMP_BUILD/tests/tmp/undefined

	build_apart "$TRAP_BUILD" --enable-werror \
		CFLAGS='-O1 -g -fsanitize=undefined -fsanitize-undefined-trap-on-error' -- progs
}

teardown_file() {
	rm -rf "$PRIVTMP_BUILD/tests/tmp/undefined"
}

@test "an undefined shift would end such a program" {
	local dir=$BATS_TEST_TMPDIR

	echo 'int main(int n, char **v) { return v[0][0] << (n + 40); }' >"$dir/shift.c"
	"${CC:-cc}" -fsanitize=undefined -fsanitize-undefined-trap-on-error \
		-o "$dir/shift" "$dir/shift.c"
	run "$dir/shift"
	[[ $status -gt 128 ]]
}

@test "nothing undefined is met by calls of all kinds" {
	passes "$TRAP_BUILD" smoke.bats
	passes "$TRAP_BUILD" abi.bats
	passes "$TRAP_BUILD" gate.bats
}

@test "nothing undefined is met by names, walkers and sockets" {
	passes "$TRAP_BUILD" names.bats
	passes "$TRAP_BUILD" walkers.bats
	passes "$TRAP_BUILD" sockets.bats
}

@test "nothing undefined is met by threads, handlers, and what starts and ends" {
	passes "$TRAP_BUILD" threads.bats
	passes "$TRAP_BUILD" ends.bats
	passes "$TRAP_BUILD" life.bats
	passes "$TRAP_BUILD" death.bats
}
