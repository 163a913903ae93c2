# SPDX-License-Identifier: LGPL-2.1-or-later
# The shim, the launcher and the reaper as they come from a cross compiler, for
# another machine, whose programs an emulator runs.

load ../common
load nested

setup_file() {
	local cc lib=/usr/aarch64-linux-gnu

	export ARCH_BUILD=$PRIVTMP_BUILD/tests/tmp/aarch64
	cc=$(compgen -c aarch64-linux-gnu-gcc | sort | head -n 1)
	[[ -n $cc ]] || skip "needs aarch64-linux-gnu-gcc (Debian: gcc-aarch64-linux-gnu)"
	export NESTED_CC=$cc QEMU_LD_PREFIX=$lib

	mkdir -p "$ARCH_BUILD"
	echo 'int main(void) { return 0; }' |
		"$cc" -x c - -o "$ARCH_BUILD/probe" || skip "'$cc' makes no programs"
	"$PRIVTMP_SOURCE/tests/emulate" aarch64 "$ARCH_BUILD/probe" true ||
		skip "aarch64 programs cannot be executed here"
	build_apart "$ARCH_BUILD" --enable-werror --host=aarch64-linux-gnu "CC=$cc" -- \
		progs progs='tests/progs/smoke tests/progs/abi'
}

teardown_file() {
	rm -rf "$PRIVTMP_BUILD/tests/tmp/aarch64"
}

foreign() {
	passes "$ARCH_BUILD" "$1" "$PRIVTMP_SOURCE/tests/emulate" aarch64 "$ARCH_BUILD/probe"
}

@test "the library is one for aarch64" {
	run -0 readelf -h "$ARCH_BUILD/shim/.libs/libprivtmp.so"
	assert_output --partial AArch64
}

@test "a cross-built shim keeps the promise in its shortest form" {
	foreign smoke.bats
}

@test "a cross-built shim leaves calls and programs what they are" {
	foreign abi.bats
}
