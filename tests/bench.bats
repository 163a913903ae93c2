# SPDX-License-Identifier: LGPL-2.1-or-later
# That "make bench" goes on working; what it measures is nothing for a test.

load common

setup() {
	BENCH=$PRIVTMP_SOURCE/tests/bench
}

@test "make bench prints a table, and writes it as JSON and as pictures" {
	local out=$BATS_TEST_TMPDIR/out

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the shim is preloaded alone"
	export PRIVTMP_BENCH_PARTS=memory
	run -0 "$BENCH/run" "$out"
	assert_line --regexp '^  bare +[0-9.]+ KiB +1\.00 x$'
	assert_line --regexp '^  shim +[0-9.]+ KiB'
	run -0 grep -c '"section": "memory"' "$out/bench.json"
	assert_output 3
	run -0 head -n 1 "$out/call.svg" "$out/start.svg"
	assert_output --partial '<svg'
	[[ ! -e $out/work ]]
	assert_no_session
}

@test "many sessions at once are counted, and removed when they end" {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' memory is counted too"
	run -0 "$BENCH/crowd" 8 160
	assert_line --regexp '^in turn: 8 sessions, [0-9]+ a minute$'
	# A launcher, a helper and a command each.
	assert_line --regexp '^at once: 8 sessions, 24 processes, -?[0-9]+ KiB each: launcher [0-9]+, helper [0-9]+,'
	assert_line --regexp '^their end: [0-9.]+ s, 0 processes left$'
	assert_line --regexp '^removal: 160 files by 8 writers, [0-9]+ ms, rm -rf [0-9]+ ms: [0-9.]+$'
	assert_no_session
}

@test "the picture shows each result of its section, ours in another colour" {
	printf 'start\tbare\tms\t2\nstart\tshim\tms\t3\nstart\tproot\tms\t8\nother\tx\tms\t9\n' |
		awk -f "$BENCH/summary.awk" >"$BATS_TEST_TMPDIR/j"
	run -0 awk -f "$BENCH/field.awk" -f "$BENCH/draw.awk" -v section=start -v title=T \
		"$BATS_TEST_TMPDIR/j"
	assert_line --partial '1.50 x (3 ms)'
	assert_line --partial '4.00 x (8 ms)'
	refute_output --partial '(9 ms)'
	assert_equal "$(grep -c '#2a6fb0' <<<"$output")" 1
}

@test "the README's figures are those of the results that are kept" {
	local results=$BENCH/results line

	awk -f "$BENCH/field.awk" -f "$BENCH/figures.awk" "$results/bench.json" \
		>"$BATS_TEST_TMPDIR/figures"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/figures") -gt 10 ]]
	while IFS= read -r line; do
		run -0 grep -Fx -e "$line" "$PRIVTMP_SOURCE/README"
	done <"$BATS_TEST_TMPDIR/figures"
	awk -f "$BENCH/field.awk" -f "$BENCH/draw.awk" -v section=start \
		-v title="Start and end of /bin/true" "$results/bench.json" |
		cmp - "$results/start.svg"
}
