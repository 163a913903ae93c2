#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What privtmp audit finds, judged by programs of which all faults are known (corpus/), and
# what it finds in programs that people use.

load ../common

JUDGE=$PRIVTMP_SOURCE/tests/corpus/judge

setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time would be audited, too"
	command -v jq >/dev/null || skip "needs jq"
	unshare --mount true 2>/dev/null || unshare --user --mount true 2>/dev/null ||
		skip "needs a mount namespace"
	cd "$BATS_TEST_TMPDIR" || return
}

# judged PROGRAM...: by JUDGE; those that were left out go to the log.
judged() {
	run timeout 500 "$JUDGE" "$@" 3>&-
	grep '^skip ' <<<"$output" | sed 's/^/# /' >&3 || :
	[[ $status -eq 0 ]] || fail "$output"
}

@test "precision and recall are 1 for each rule" {
	judged
	# Each rule of an audit has been wanted, and nearly all programs have been run.
	for rule in insecure-name-api predictable-name missing-exclusive check-then-use \
		loose-permissions followed-link foreign-object leftover outside-knowledge; do
		assert_line --regexp "^$rule +[0-9]+ +0 +0 +1\.000 +1\.000\$"
	done
	[[ $(sed -n 's/^\([0-9]*\) programs, .*/\1/p' <<<"$output") -ge 80 ]]
}

@test "the findings in programs that people use are those that were looked at one by one" {
	judged "$PRIVTMP_SOURCE"/tests/corpus/real/*
	[[ $(sed -n 's/^\([0-9]*\) programs, .*/\1/p' <<<"$output") -ge 25 ]]
}

# An auditor that says "$1" of everything, whatever it is.
stand_in() {
	cat >auditor <<-END
		#!/bin/bash
		[[ \$1 != --version ]] || exit 0
		while [[ \$1 != -- ]]; do
			[[ \$1 != --output ]] || out=\$2
			shift
		done
		shift
		"\$@"
		echo '$1' >"\$out"
	END
	chmod 755 auditor
	export PRIVTMP=$PWD/auditor
}

@test "the judge sees what is missed, what is wrong, and a report that is none" {
	local corpus=$PRIVTMP_SOURCE/tests/corpus

	as_user true 2>/dev/null || skip "needs root"
	chmod a+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test .
	stand_in '{"type": "summary"}'
	run -1 "$JUDGE" "$corpus/c/bad_creat.c" "$corpus/c/good_mkstemp.c"
	assert_line "missed c/bad_creat.c: missing-exclusive /tmp/pc-out"
	assert_line "2 programs, 0 findings as wanted, 2 faults"
	stand_in '{"type": "finding", "rule": "leftover", "path": "/tmp/x"}
{"type": "summary"}'
	run -1 "$JUDGE" "$corpus/c/good_mkstemp.c"
	assert_line "wrong  c/good_mkstemp.c: leftover /tmp/x"
	stand_in '{"type": "finding", "rule": "leftover", "path": "/tmp/x"}'
	run -1 "$JUDGE" "$corpus/c/good_mkstemp.c"
	assert_line --partial "failed c/good_mkstemp.c"
}
