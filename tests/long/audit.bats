#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# privtmp audit in number: many processes at once, deaths at random moments, real programs.
#
# shellcheck disable=SC2016 # expanded by inner shells

load ../common

STEPS=$PROGS/audit_steps

setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has to come first"
	cd "$BATS_TEST_TMPDIR" || return
	N=/tmp/privtmp-audit-$$-$RANDOM
}

teardown() {
	rm -rf "$N" "$N"*
}

# number MEMBER: of the report's first line.
number() { sed -n '1s/.*"'"$1"'": \([0-9]*\).*/\1/p' report.json; }

@test "40 processes of 16 threads each at once lose nothing" {
	cat >script <<-END
		for i in {1..40}; do
			"$STEPS" threads 16 "$N-\$i-" &
		done
		wait
	END
	"$PRIVTMP" audit --format json --output report.json -- bash script
	# And two for each start: the exec, and the name that it is told.
	assert_equal "$(number calls)" "$((40 * (16 * 100 * 2 + 2)))"
	assert_equal "$(number not_counted)" 0
}

@test "3000 programs, one after the other and 20 at once, are one report" {
	echo 'for i in {1..150}; do for k in {1..20}; do "$1" exclusive "$2-$i-$k" unlink "$2-$i-$k" & done; wait; done' >script
	"$PRIVTMP" audit --format json --output report.json -- bash script "$STEPS" "$N"
	[[ $(number calls) -ge 6000 ]]
	assert_equal "$(number not_counted)" 0
	grep -q '"rule": "predictable-name".*"count": 3000[,}]' report.json
}

@test "100 programs killed at random moments: what they had done is there" {
	cat >script <<-'END'
		for i in {1..100}; do
			"$1" wait "$2-$i" >/dev/null &
			pid=$!
			for k in {1..200}; do
				[[ ! -e $2-$i ]] || break
				read -rt 0.01 <> <(:)
			done
			read -rt "0.00$((RANDOM % 10))" <> <(:)
			kill -KILL $pid
			wait $pid 2>/dev/null
			[[ ! -e $2-$i ]] || made=$((made + 1))
		done
		echo "$made"
	END
	run -0 "$PRIVTMP" audit --format json --output report.json -- bash script "$STEPS" "$N"
	grep -q '"rule": "missing-exclusive".*"count": '"${lines[-1]}"'[,}]' report.json
}

@test "a trace that is full says how much it did not count" {
	echo 'for i in {1..40}; do "$1" many 1 "$2" & "$1" forest 600 "$2-$i-" & wait; done' >script
	"$PRIVTMP" audit --format json --output report.json -- bash script "$STEPS" "$N"
	[[ $(number not_counted) -gt 0 ]]
	[[ $(wc -c <report.json) -lt 10000000 ]]
	grep -q '"type": "summary"' report.json
}

@test "real programs do what they do without it" {
	local command

	printf 'int main(void) { return 0; }\n' >a.c
	for command in "${CC:-cc} -pipe -o a a.c" "${CC:-cc} -save-temps=obj -o b a.c" \
		'python3 -c "import tempfile; tempfile.TemporaryDirectory().cleanup()"' \
		'perl -e "print 1 + 1"' 'tar -cf t.tar a.c' 'bash -c "cat <(echo x)"' \
		'find . -name "*.c"' 'sort a.c' 'make -f /dev/null -v' 'git --version'; do
		command -v "${command%% *}" >/dev/null || continue
		run bash -c "$command"
		local want=$status said=$output
		run "$PRIVTMP" audit --output report.txt -- bash -c "$command"
		assert_equal "$status" "$want"
		assert_equal "$output" "$said"
		grep -q 'findings\|finding' report.txt
	done
}
