# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # bats sets what "run" leaves
#
# For tests with a build of their own, some of which run test files with it.

# build_apart DIR [CONFIGURE-ARG]... [-- MAKE-ARG...]: makes the library and the tools,
# and what else make is told to, in the new directory DIR.
build_apart() {
	local dir=$1 options=()

	shift
	while (($#)) && [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	mkdir -p "$dir"
	(
		# Not what the outer make says of its own build.
		unset MAKEFLAGS MFLAGS MAKELEVEL CFLAGS
		cd "$dir" || exit
		"$PRIVTMP_SOURCE/configure" --silent "${options[@]}"
		# One after the other: both would make what they have in common at once.
		make -s -j 2 all
		(($# < 2)) || make -s -j 2 "${@:2}"
	) >&2 </dev/null
}

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
