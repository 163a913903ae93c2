# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Ways to a path: the shared /tmp/x and /var/tmp/x, a directory of the test's own to start
# from, and what reaches the shared ones without the shim. After common.bash.

setup() {
	need_own_tmp
	DIR=$(scratch)
	cd "$DIR" || return
	echo shared >/tmp/x
	echo shared >/var/tmp/x
}

teardown() {
	has_own_tmp || return 0
	cd /
	rm -rf /tmp/x /tmp/y /tmp/d-* /var/tmp/x /var/tmp/y
	assert_no_session
}

# shown COMMAND...: without the shim the shared directory is reached.
shown() {
	run -0 "$@"
	assert_output --partial shared
}
