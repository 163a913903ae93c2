# SPDX-License-Identifier: LGPL-2.1-or-later
# Threads, signal handlers, small stacks, cancellation: what is not one thing after
# another.

load common

setup() {
	LIMIT=(timeout 120)
}

teardown() {
	clear_tmp /tmp/dir-* /var/tmp/dir-* /tmp/first-* /tmp/parent /tmp/point /tmp/point-new \
		/tmp/.privtmp-*
}

# same COMMAND [ARG]...: it says the same without the shim and with it.
same() {
	"${LIMIT[@]}" "$@" >"$BATS_TEST_TMPDIR/bare" 2>&1
	[[ -s $BATS_TEST_TMPDIR/bare ]]
	"${LIMIT[@]}" env LD_PRELOAD="$SHIM" "$@" >"$BATS_TEST_TMPDIR/shimmed" 2>&1
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2 ||
		fail "under the shim something else came of: $*"
}

@test "the first calls of 64 threads at once find one session, and all their files in it" {
	local roots

	for _ in {1..5}; do
		run -0 "${LIMIT[@]}" env PRIVTMP_KEEP=always LD_PRELOAD="$SHIM" "$PROGS/threads" crowd 64 0
		assert_output '96 in /tmp, 32 in /var/tmp'
		roots=$(new_sessions)
		assert_equal "$(wc -l <<<"$roots")" 2
		clear_tmp /tmp/.privtmp-* /var/tmp/.privtmp-*
	done
	[[ ! -e /tmp/first-0 ]]
}

@test "a thread that is held up anywhere while another makes the session uses it, too" {
	run "${LIMIT[@]}" "$PROGS/held_up" "$SHIM"
	[[ $status -ne 77 ]] || skip "the kernel does not tell a tracer of calls"
	assert_success
	assert_output '40 moments, 0 calls failed'
	assert_no_session
}

@test "64 threads in all kinds of calls at once get what they ask for" {
	run -0 "${LIMIT[@]}" env LD_PRELOAD="$SHIM" "$PROGS/threads" crowd 64 3
	assert_output '96 in /tmp, 32 in /var/tmp'
	assert_no_session
}

@test "children of a process whose threads are in the midst of calls use its /tmp" {
	run -0 "${LIMIT[@]}" env LD_PRELOAD="$SHIM" "$PROGS/threads" forks 4 30
	assert_output ok
	assert_no_session
}

@test "children by vfork make the session, use it, and hand it on to what they execute" {
	run -0 "${LIMIT[@]}" env LD_PRELOAD="$SHIM" "$PROGS/threads" vforks
	assert_output ok
	assert_no_session
}

@test "handlers may use what they interrupt, first call and walks included" {
	run -0 "${LIMIT[@]}" "$PROGS/threads_signals" storm 3 500
	run -0 "${LIMIT[@]}" env LD_PRELOAD="$SHIM" "$PROGS/threads_signals" storm 3 1000
	assert_output ok
	run -0 env LD_PRELOAD="$SHIM" "$PROGS/threads_signals" first
	assert_output ok
	assert_no_session
}

# room PRELOAD [ARG]...: the room beyond the least that a stack needs, by halving.
room() {
	local low=0 high=16384 middle preload=$1

	shift
	while ((high - low > 64)); do
		middle=$(((low + high) / 2))
		if env LD_PRELOAD="$preload" "$PROGS/threads_signals" stack "min+$middle" "$@" \
			>/dev/null 2>&1; then
			high=$middle
		else
			low=$middle
		fi
	done 2>/dev/null
	echo "$high"
}

# on_little_stack ROOM: calls on a signal stack with ROOM bytes beyond the least.
on_little_stack() {
	run -0 env LD_PRELOAD="$SHIM" "$PROGS/threads_signals" stack "min+$1"
	assert_output ok
	run -0 env LD_PRELOAD="$SHIM" "$PROGS/threads_signals" stack "min+$1" walk
	assert_output ok
}

@test "a first call from a small signal stack needs no more than libc's own does" {
	local bare more

	# Bound lazily, libc's functions need what the linker's saving of registers takes.
	bare=$(room '')
	((bare < 16000))
	on_little_stack "$((bare + 512))"
	run -0 env LD_PRELOAD="$SHIM" "$PROGS/threads_signals" stack sig
	assert_output ok
	# The session is made early for the smallest, and on all others when it is needed.
	for ((more = bare + 768; more < 9000; more += 256)); do
		on_little_stack "$more"
	done
}

@test "a first call from a small signal stack of a program bound at once finds all in place" {
	local bare

	[[ ${CFLAGS:--O2} == *-O[123]* ]] || skip "the limit is that of optimized code"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers take room of their own"
	# Whatever registers the processor has: the linker saves none on that stack. What is
	# left are the wrappers' own frames, no more than such saving takes with AVX.
	export LD_BIND_NOW=1
	bare=$(room '')
	((bare < 1024))
	on_little_stack "$((bare + 1536))"
}

@test "no call takes more of a handler's stack than what 8 KiB leave beside all registers" {
	local call calls room=4096

	# Registers of 32 bits: fewer are saved, and more is pushed.
	[[ ${CC:-} != *-m32* ]] || room=4608
	[[ ${CFLAGS:--O2} == *-O[123]* ]] || skip "the limit is that of optimized code"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers take room of their own"
	run -0 "$PROGS/little_stack" list
	calls=("${lines[@]}")
	[[ ${#calls[@]} -gt 20 ]]
	cd /
	for call in "${calls[@]}"; do
		run -0 "$PROGS/little_stack" "$room" "$call"
		run -0 env LD_PRELOAD="$SHIM" "$PROGS/little_stack" "$room" "$call"
		run -0 "$PRIVTMP" run -- "$PROGS/little_stack" "$room" "$call"
		rm -f /tmp/file /tmp/made* /tmp/renamed /tmp/*link* /tmp/socket
	done
	assert_no_session
}

@test "the smallest stack that a thread can have is enough" {
	run -0 "$PROGS/threads_signals" thread
	run -0 env LD_PRELOAD="$SHIM" "$PROGS/threads_signals" thread
	assert_output ok
	assert_no_session
}

@test "cancellation points are what they were, and no others are" {
	same "$PROGS/threads_cancel" points
	grep -q '^open .*: cancelled' "$BATS_TEST_TMPDIR/shimmed"
	grep -q '^mkdir .*: not' "$BATS_TEST_TMPDIR/shimmed"
	assert_no_session
}

@test "a thread that waits in open is cancelled, unless it has cancellation disabled" {
	same "$PROGS/threads_cancel" blocked
	grep -q '^fopen .*: cancelled' "$BATS_TEST_TMPDIR/shimmed"
	grep -q 'in the end: came back' "$BATS_TEST_TMPDIR/shimmed"
	assert_no_session
}
