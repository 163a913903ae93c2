#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Suites that others wrote, run inside /tmp with and without the shim: the list
# of results must be the same.

load ../common

setup() {
	/usr/bin/python3 -c 'import test.support' 2>/dev/null ||
		skip "needs CPython's own tests (libpython3-testsuite)"
}

# same_results TEST: as the user that runs the tests, and as a plain one.
same_results() {
	local bare shim as suite=$PRIVTMP_SOURCE/tests/suites/cpython

	for as in '' as_user; do
		[ -z "$as" ] || [ "$(id -u)" -eq 0 ] || continue
		bare=$($as "$suite" "$1")
		shim=$($as "$PRIVTMP" run -- "$suite" "$1")
		assert [ "$(wc -l <<<"$bare")" -gt 5 ]
		run diff <(echo "$bare") <(echo "$shim")
		assert_success
	done
}

@test "CPython: the results of test_tempfile are the same" {
	same_results test_tempfile
}

@test "CPython: the results of test_os are the same" {
	same_results test_os
}

@test "CPython: the results of test_posix are the same" {
	same_results test_posix
}

@test "CPython: the results of test_shutil are the same" {
	same_results test_shutil
}

@test "CPython: the results of test_pathlib are the same" {
	same_results test_pathlib
}

@test "CPython: the results of test_glob are the same" {
	same_results test_glob
}

@test "CPython: the results of test_socket are the same" {
	same_results test_socket
}

@test "CPython: the results of test_subprocess are the same" {
	same_results test_subprocess
}

@test "CPython: the results of test_zipfile are the same" {
	same_results test_zipfile
}

@test "CPython: the results of test_tarfile are the same" {
	same_results test_tarfile
}

@test "CPython: the results of test_mailbox are the same" {
	same_results test_mailbox
}

@test "CPython: the results of test_import are the same" {
	same_results test_import
}

@test "CPython: the results of test_asyncio.test_unix_events are the same" {
	same_results test_asyncio.test_unix_events
}

# stress-ng's own checks, of every stressor of file systems that needs no device.
STRESSORS='access chdir chmod chown dentry dir fifo filename flock fstat getdent
	inotify lease link mknod rename sock symlink utime xattr'

@test "stress-ng: its file-system stressors succeed as without the shim" {
	local one bare shim suite=$PRIVTMP_SOURCE/tests/suites/stress

	command -v stress-ng >/dev/null || skip 'needs stress-ng'
	for one in $STRESSORS; do
		bare=$("$suite" "$one")
		shim=$("$PRIVTMP" run -- "$suite" "$one")
		assert_equal "$one: $shim" "$one: $bare"
	done
}

@test "fio: what it writes in /tmp it reads again, by every engine of its own" {
	local engine

	command -v fio >/dev/null || skip 'needs fio'
	for engine in sync psync vsync mmap; do
		run "$PRIVTMP" run -- fio --name=x --directory=/tmp --size=4m --bs=4k \
			--rw=randwrite --verify=crc32c --do_verify=1 --ioengine="$engine"
		assert_success
		refute_output --partial 'verify: bad'
	done
}
