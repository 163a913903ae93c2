# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by who loads it
#
# What the tests of the mount door have in common: "load door" behind "load run".

DOOR=$PRIVTMP_BUILD/tools/privtmp-door

# make_static [FLAG]...: STATIC is progs/door.c as a static program, or the test skips.
make_static() {
	STATIC=$(scratch)/static
	${CC:-cc} -static "$@" -o "$STATIC" "$PRIVTMP_SOURCE/tests/progs/door.c" 2>/dev/null ||
		skip "the compiler makes no static programs here"
}

# need_door: skip where neither kind of user can have namespaces.
need_door() {
	need_users
	if ! unshare --mount true 2>/dev/null || ! as_user unshare --user --mount true 2>/dev/null; then
		skip "needs mount and user namespaces"
	fi
}

# as WHO COMMAND [ARG]...: as root, as a plain user, or as root without CAP_SYS_ADMIN, as
# in a container.
as() {
	local who=$1

	shift
	case $who in
	root) "$@" ;;
	user) as_user "$@" ;;
	container) setpriv --bounding-set=-sys_admin,-net_raw --inh-caps=-all "$@" ;;
	esac
}
