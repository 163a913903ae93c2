# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# For tests of children that the shim cannot be loaded into: "load uncovered" behind
# "load common".

EXEC=$PROGS/uncovered

setup_file() {
	DIR=$(scratch)
	export DIR
	${CC:-cc} -static -o "$DIR/static" "$PRIVTMP_SOURCE/tests/progs/run_static.c" || :
	printf '#!%s %s\n' "$DIR/static" /tmp/script >"$DIR/script"
	chmod +x "$DIR/script"
}

setup() {
	[[ -e $DIR/static ]] || skip "the compiler makes no static programs here"
	cd "$DIR" || return
	STATIC=$DIR/static
	export STATIC EXEC
}

# under WORD COMMAND...: with PRIVTMP_UNCOVERED=WORD.
under() {
	local word=$1

	shift
	PRIVTMP_UNCOVERED=$word shimmed "$@"
}

need_mount() {
	local said

	said=$(under mount env "$STATIC" /tmp/x 2>&1) || skip "no mount namespace here: $said"
}

need_confine() {
	local said status=0

	said=$(under confine env "$STATIC" /tmp/x 2>&1) || status=$?
	# What it is kept from is its own affair.
	[[ $status -eq 3 ]] || skip "no Landlock here: $said"
}
