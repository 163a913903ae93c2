# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # bats sets what "run" leaves
#
# For tests that run test files with a build of their own.

# passes BUILD FILE [LAUNCHER [ARG]...]: the tests of FILE pass with what is in the
# directory BUILD. Of this bats's own environment another one is better off without.
passes() {
	local build=$1 file=$2

	shift 2
	run env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME="$HOME" \
		${QEMU_LD_PREFIX:+QEMU_LD_PREFIX="$QEMU_LD_PREFIX"} \
		${NESTED_CC:+CC="$NESTED_CC"} PRIVTMP_BUILD="$build" \
		"$@" sh "$PRIVTMP_SOURCE/tests/run-bats" "$PRIVTMP_SOURCE/tests/$file"
	[[ $status -eq 0 ]] || fail "$output"
	assert_line --regexp '^1\.\.[1-9]'
	refute_line --regexp '^not ok'
}
