#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a failing test says: what was expected, what came, and how to run it alone.
#
# shellcheck disable=SC2016 # what the test in the test expands

load common

# failing BODY: what a test with this body says, in a file of its own.
failing() {
	{
		echo "load '$PRIVTMP_SOURCE/tests/common'"
		printf '@test "a (test) that fails" {\n%s\n}\n' "$1"
	} >"$BATS_TEST_TMPDIR/own.bats"
	run -1 env TMPDIR="$BATS_TEST_TMPDIR" "${BATS:-bats}" --tap "$BATS_TEST_TMPDIR/own.bats"
	assert_line "not ok 1 a (test) that fails"
	assert_line --regexp "in test file .*/own.bats, line 3)"
	refute_output --partial bats_error_trap
	assert_line --partial "# alone: tests/run-bats -f '^a \\(test\\) that fails\$' "
}

@test "a command that returns something else shows what it printed" {
	failing 'run -0 sh -c "echo printed; exit 3"'
	assert_line --partial 'expected exit code 0, got 3'
	assert_line '# printed'
}

@test "a condition shows the values in it" {
	failing 'x=5; [[ $x == 6 ]]'
	assert_line '# came: [[ 5 == 6 ]]'
	failing '[[ -z $(echo left) ]]'
	assert_line '# came: [[ -z left ]]'
	failing 'x=5; ((x == 6))'
	assert_line '# came: x=5'
	failing 'run -0 echo printed; [[ $output == this ]]'
	assert_line '# came: [[ printed == this ]]'
}

@test "a file that was searched in vain is shown" {
	failing 'echo "what came" >"$BATS_TEST_TMPDIR/f"; grep -q wanted "$BATS_TEST_TMPDIR/f"'
	assert_line '# what came'
}

@test "an assertion and a difference show both sides" {
	failing 'run -0 echo printed; assert_output wanted'
	assert_line '# expected : wanted'
	assert_line '# actual   : printed'
	failing 'diff <(echo wanted) <(echo printed)'
	assert_line '# < wanted'
	assert_line '# > printed'
}

# check_of LINES: tools/check in a tree of its own, in which "make check" says LINES.
check_of() {
	local tree=$BATS_TEST_TMPDIR/tree name

	mkdir -p "$tree/tools" "$tree/build/tests"
	cp "$PRIVTMP_SOURCE/tools/check" "$tree/tools"
	for name in deps build; do
		printf '#!/bin/sh\n' >"$tree/tools/$name"
		chmod +x "$tree/tools/$name"
	done
	printf '%s\n' "$1" >"$tree/build/said"
	printf 'check:\n\tcat said; ! grep -q "^FAIL" said\n' >"$tree/build/Makefile"
	TREE=$tree
}

@test "tools/check says what took longest, and ends with the numbers alone" {
	check_of 'PASS: tests/a.bats 1 - x
PASS: tests/b.bats 1 - x
SKIP: tests/b.bats 2 - y # SKIP needs a moon
Testsuite summary for privtmp
# PASS:  2
# SKIP:  1
# FAIL:  0
# ERROR: 0'
	echo '# took 71 seconds' >"$TREE/build/tests/a.log"
	echo '# took 3000 seconds' >"$TREE/build/tests/b.log"
	# Of a run before this one.
	echo '# took 9000 seconds' >"$TREE/build/tests/c.log"
	run -0 env -u PRIVTMP_BUILD "$TREE/tools/check"
	assert_line 'skipped 1: needs a moon'
	assert_equal "${lines[-1]}" '2 passed, 0 failed, 1 skipped'
	run -0 grep '^took' <<<"$output"
	assert_line --index 0 'took 3000 s: tests/b.bats'
	assert_line --index 1 'took 71 s: tests/a.bats'
	refute_output --partial c.bats
}

@test "tools/check names each skip with its reason, or without, and none where there was none" {
	check_of 'PASS: tests/a.bats 1 - x
SKIP: tests/b.bats 2 - y # SKIP
SKIP: tests/b.bats 3 - z # SKIP 2 moons
Testsuite summary for privtmp
# PASS:  1
# SKIP:  2
# FAIL:  0
# ERROR: 0'
	touch "$TREE"/build/tests/{a,b}.log
	run -0 env -u PRIVTMP_BUILD "$TREE/tools/check"
	assert_line 'skipped 1: no reason: tests/b.bats 2 - y'
	assert_line 'skipped 1: 2 moons'
	sed -i '/SKIP/d' "$TREE/build/said"
	run -0 env -u PRIVTMP_BUILD "$TREE/tools/check"
	refute_line --partial skipped
}

@test "tools/check names what failed, and what runs it alone" {
	check_of 'FAIL: tests/a.bats 1 - x
Testsuite summary for privtmp
# PASS:  0
# SKIP:  0
# FAIL:  1
# ERROR: 0'
	: >"$TREE/build/tests/a.log"
	run -1 env -u PRIVTMP_BUILD "$TREE/tools/check"
	assert_line 'failed: tests/a.bats 1 - x'
	assert_line 'alone: tests/run-bats tests/a.bats'
	assert_equal "${lines[-1]}" '0 passed, 1 failed'
}

@test "where /tmp is everybody's, tests remove nothing that was there before them" {
	need_own_tmp
	local tests=$PRIVTMP_SOURCE/tests before

	mkdir /tmp/archive /tmp/parent /tmp/.privtmp-mine /tmp/m-mine
	touch /tmp/archive/x /tmp/x /tmp/dir-mine /var/tmp/abcdefg /var/tmp/.privtmp-mine
	before=$(find /tmp /var/tmp | sort)
	run env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin PRIVTMP_BUILD="$PRIVTMP_BUILD" \
		PRIVTMP_TEST_SHARED=1 "$tests/run-bats" \
		-f 'umask|no code of the shim|reading takes|64 threads in|link that its worker|one.s own below|that TZ names|in every spelling|cron: a job' \
		"$tests"/{names,listing,starts,libc-opens,mixed,threads,corners,ways,long/starters}.bats
	refute_line --partial "not ok"
	assert_line --regexp '^ok .* umask '
	assert_line --regexp '^ok .* reading takes .* # skip '
	assert_equal "$(find /tmp /var/tmp | sort)" "$before"
	rm -r /tmp/archive /tmp/x /tmp/parent /tmp/dir-mine /tmp/m-mine /tmp/.privtmp-mine /var/tmp/abcdefg \
		/var/tmp/.privtmp-mine
}
