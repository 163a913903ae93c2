# SPDX-License-Identifier: LGPL-2.1-or-later
# syscall(2): calls by number lead where calls by name do, and all others are left
# alone.

load common

setup() {
	GATE=$PROGS/gate
	DIR=privtmp-gate-$$-$RANDOM
}

teardown() {
	rm -rf "/tmp/$DIR"* "/var/tmp/$DIR"*
}

@test "every call with a path does by number what it does in the shared directories" {
	like_bare "mkdir /tmp/$DIR && $GATE paths /tmp/$DIR"
	like_bare "mkdir /var/tmp/$DIR && $GATE paths /var/tmp/$DIR"
	like_bare "mkdir /tmp/$DIR && $GATE paths /usr/../tmp/$DIR"
	like_bare "mkdir /tmp/$DIR && cd / && $GATE paths tmp/$DIR"
	grep -q 'symlinkat: 0' "$BATS_TEST_TMPDIR/shimmed"
	assert_no_session
}

@test "a file made by number is there for all without the shim, and never shows with it" {
	run -5 "$GATE" exit /tmp
	assert_output 0
	[[ -e /tmp/a ]]
	rm /tmp/a
	run -5 shimmed "$GATE" exit /tmp
	assert_output 0
	[[ ! -e /tmp/a ]]
}

@test "what is above the 32 bits of a number hides no call" {
	run -0 "$GATE" wide "/tmp/$DIR"
	[[ -e /tmp/$DIR ]] || skip "this kernel knows no such number"
	rmdir "/tmp/$DIR"
	run -0 shimmed "$GATE" wide "/tmp/$DIR"
	assert_output 0
	[[ ! -e /tmp/$DIR ]]
	run -0 "$PRIVTMP" audit --output "$BATS_TEST_TMPDIR/report" -- "$GATE" wide "/tmp/$DIR"
	grep -q '[1-9][0-9]* path call' "$BATS_TEST_TMPDIR/report"
}

@test "exit_group by number ends the session like any exit" {
	run -5 shimmed "$GATE" exit /tmp
	assert_output 0
	assert_no_session
}

@test "openat2 keeps its restrictions in a guarded directory" {
	need_own_tmp
	"$GATE" openat2 >"$BATS_TEST_TMPDIR/bare"
	rm -rf /tmp/dir /tmp/absolute /tmp/relative /var/tmp/file
	shimmed "$GATE" openat2 >"$BATS_TEST_TMPDIR/shimmed"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed"
	[[ ! -e /tmp/dir ]]
	# By name, as glibc has it since 2.43 and the shim always.
	shimmed "$GATE" openat2-name >"$BATS_TEST_TMPDIR/shimmed"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed"
	[[ ! -e /tmp/dir ]]
	# There is something to restrict.
	grep -q 'beneath: openat2: EXDEV' "$BATS_TEST_TMPDIR/bare" ||
		skip "this kernel has no openat2"
}

@test "getcwd by number gives the view's name and length, in a buffer that just fits" {
	like_bare "mkdir /tmp/$DIR && $GATE cwd /tmp/$DIR"
	like_bare "$GATE cwd /tmp"
	grep -q 'getcwd: 5' "$BATS_TEST_TMPDIR/shimmed"
	grep -q '^/tmp 1' "$BATS_TEST_TMPDIR/shimmed"
}

@test "calls without a path, with none to six arguments, are what they were" {
	like_bare "$GATE others"
}

@test "what is executed by number sees the same /tmp, even without an environment" {
	run -0 shimmed "$GATE" exec /tmp
	assert_output seen
	[[ ! -e /tmp/a ]]
	assert_no_session
}

@test "processes forked by number share the session, and the last one ends it" {
	run -0 shimmed "$GATE" fork /tmp
	assert_line 'child 0, its file 0'
	assert_line 'child 7, the files 0 0'
	[[ ! -e /tmp/a && ! -e /tmp/b ]]
	assert_no_session
}

@test "a child on a stack of its own finds it as it was made" {
	run -0 shimmed "$GATE" thread
	assert_output '0 1'
}

@test "a socket bound by number has its name in the view" {
	like_bare "$GATE socket /tmp/$DIR"
	like_bare "$GATE socket /tmp/$DIR-$(printf '%060d' 0)"
}

@test "directories, roots and filters by number are what they are by name" {
	like_bare "mkdir /tmp/$DIR && $GATE moves /tmp/$DIR"
	grep -qxF "/tmp/$DIR" "$BATS_TEST_TMPDIR/shimmed"
}

@test "a program's own functions of those names, which call by number, go on working" {
	like_bare "mkdir /tmp/$DIR && $PROGS/namesakes /tmp/$DIR"
	grep -qxF /tmp/target "$BATS_TEST_TMPDIR/shimmed"
	mkdir "/tmp/$DIR"
	run --separate-stderr "$PRIVTMP" audit --output "$BATS_TEST_TMPDIR/report" -- \
		"$PROGS/namesakes" "/tmp/$DIR"
	printf '%s\n' "$output" "$status" | diff "$BATS_TEST_TMPDIR/bare" -
}

@test "calls by number do where they are audited what they do bare, and are recorded" {
	local call path

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has to come first"
	for call in paths moves cwd socket; do
		path=/tmp/$DIR
		mkdir "$path"
		[[ $call != socket ]] || path+=/socket
		run "$GATE" "$call" "$path"
		printf '%s\n' "$output" "$status" >"$BATS_TEST_TMPDIR/bare"
		rm -rf "/tmp/$DIR"*
		mkdir "/tmp/$DIR"
		run --separate-stderr "$PRIVTMP" audit --output "$BATS_TEST_TMPDIR/report" -- \
			"$GATE" "$call" "$path"
		rm -rf "/tmp/$DIR"*
		printf '%s\n' "$output" "$status" | diff "$BATS_TEST_TMPDIR/bare" -
		[[ $call == cwd ]] || grep -qE '[1-9][0-9]* path call' "$BATS_TEST_TMPDIR/report"
	done
}

@test "without a session, guarded calls by number fail and others work" {
	PRIVTMP_ROOT=/nowhere run shimmed "$GATE" paths /tmp
	refute_line 'mkdirat: 0'
	[[ ! -e /tmp/d ]]
	PRIVTMP_ROOT=/nowhere run -0 shimmed "$GATE" others
	assert_line 'pipe2: 0'
}

@test "no ring of io_uring is had by number, unless the kernel keeps it from the shared /tmp" {
	run "$GATE" ring
	[[ $output == 'ring: 1, 0' ]] || skip "this system has no io_uring: $output"
	run -0 shimmed "$GATE" ring
	assert_output 'ring: 0, EPERM'
	PRIVTMP_ROOT=/nowhere run -0 shimmed "$GATE" ring
	assert_line 'ring: 0, EPERM'
	PRIVTMP_MODE=off run -0 shimmed "$GATE" ring
	assert_output 'ring: 1, 0'
	if "$PRIVTMP" run --confine -- true; then
		run -0 "$PRIVTMP" run --confine -- "$GATE" ring
		assert_output 'ring: 1, 0'
	fi
	if "$PRIVTMP" run --backend mount -- true; then
		run -0 "$PRIVTMP" run --backend mount -- "$GATE" ring
		assert_output 'ring: 1, 0'
	fi
}
