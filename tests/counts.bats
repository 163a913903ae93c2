# SPDX-License-Identifier: LGPL-2.1-or-later
# What the shim costs in instructions and system calls, against counts.limits.

load common

LIMITS=$PRIVTMP_SOURCE/tests/counts.limits
BENCH=$PROGS/bench

setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' own work is counted too"
	OBJECTS=$BATS_FILE_TMPDIR
	[[ -e $OBJECTS/lower.so ]] || "$PRIVTMP_SOURCE/tests/bench/objects" "$OBJECTS"
}

# within KIND: read lines "NAME NUMBER" and fail for one that is over its limit, or
# that has none; and for a limit that nothing was measured for.
within() {
	awk -v kind="$1" -v limits="$LIMITS" '
		BEGIN {
			while ((getline line < limits) > 0)
				if (line !~ /^(#|$)/ && split(line, part) == 3 &&
				    index(part[1], kind ":") == 1)
					limit[substr(part[1], length(kind) + 2)] = part[2]
		}
		{ print }
		!($1 in limit) { print $1 ": no limit"; bad = 1; next }
		$2 > limit[$1] { print $1 ": " $2 ", may be " limit[$1]; bad = 1 }
		{ delete limit[$1] }
		END {
			for (name in limit) {
				print name ": not measured"
				bad = 1
			}
			exit bad
		}'
}

# -- Instructions -----------------------------------------------------------------

# Each case's instructions: NAME BARE LOWER SHIM.
instructions() {
	local file=$OBJECTS/instructions

	[[ $(uname -m) == x86_64 && ${CC:-} != *-m32* ]] ||
		skip "the limits are those of x86-64"
	[[ ${CFLAGS:--O2} == *-O2* ]] || skip "the limits are those of -O2"
	command -v valgrind >/dev/null || skip "needs valgrind"
	if [[ ! -s $file ]]; then
		"$PRIVTMP_SOURCE/tests/bench/instructions" "$BENCH" "$OBJECTS" \
			- "$OBJECTS/lower.so" "$SHIM" >"$file.new"
		mv "$file.new" "$file"
	fi
	cat "$file"
}

@test "a call elsewhere or redirected takes few instructions more than without the shim" {
	instructions >"$BATS_TEST_TMPDIR/counts"
	awk '{ print $1, $4 - $2 }' "$BATS_TEST_TMPDIR/counts" >"$BATS_TEST_TMPDIR/over"
	run within bare <"$BATS_TEST_TMPDIR/over"
	assert_success
}

@test "a call elsewhere takes few instructions more than a look at its path's beginning" {
	instructions >"$BATS_TEST_TMPDIR/counts"
	awk '$1 !~ /tmp|rename/ { print $1, $4 - $3 }' "$BATS_TEST_TMPDIR/counts" \
		>"$BATS_TEST_TMPDIR/over"
	run within lower <"$BATS_TEST_TMPDIR/over"
	assert_success
}

# -- System calls -------------------------------------------------------------------

need_strace() {
	command -v strace >/dev/null || skip "needs strace"
	strace -o /dev/null true 2>/dev/null || skip "nothing may be traced here"
}

# traced DIR OBJECT COMMAND [ARG]...: one file in DIR for each process, with a line
# for each of its system calls.
traced() {
	local dir=$1 object=$2

	shift 2
	mkdir -p "$dir"
	rm -f "$dir"/*
	# No status lines: a call that another process interrupts is one line in
	# files of their own. The process's end is there with each of them.
	strace -qq -e signal=none -ff -o "$dir/t" ${object:+-E LD_PRELOAD="$object"} "$@"
}

# last_that DIR TEXT: the file of the last process with a line that TEXT is in.
last_that() {
	grep -lF "$2" "$1"/t.* | sort -V | tail -n 1
}

# More system calls for the same calls of bench than without a library.
more_calls() {
	local where=$1 dir=$BATS_TEST_TMPDIR/t object n
	local -a lines=()

	for object in "" "$SHIM"; do
		for n in 10 20; do
			traced "$dir" "$object" "$BENCH" count "$n" "$where"
			# Not what is made before and removed in the end.
			lines+=("$(awk '/^getppid/ { on = !on } on { n++ } END { print n }' \
				"$(last_that "$dir" '"count"')")")
		done
	done
	# What 10 of each take: with the shim, and without.
	echo "$where $((lines[3] - lines[2] - (lines[1] - lines[0])))"
}

@test "no call makes a system call more than without the shim" {
	need_strace
	for where in elsewhere redirected; do
		more_calls "$where"
	done >"$BATS_TEST_TMPDIR/more"
	run within calls <"$BATS_TEST_TMPDIR/more"
	assert_success
}

# calls_before TEXT FILE, calls_from TEXT FILE: how many lines there are up to the
# first that begins with TEXT, and from it on.
calls_before() { awk -v p="$1" 'index($0, p) == 1 { exit } { n++ } END { print n + 0 }' "$2"; }
calls_from() { awk -v p="$1" 'index($0, p) == 1 { on = 1 } on { n++ } END { print n + 0 }' "$2"; }

# median: that of the lines on standard input.
median() { sort -n | awk '{ line[NR] = $1 } END { print line[int((NR + 1) / 2)] }'; }

# usual TEXT OBJECT COMMAND [ARG]...: how many lines the last process that TEXT
# is in has; the median of five, since who removes the session in the end, the
# program or its helper, is a race.
usual() {
	local text=$1 _ dir=$BATS_TEST_TMPDIR/u

	shift
	for _ in 1 2 3 4 5; do
		traced "$dir" "$@" || :
		wc -l <"$(last_that "$dir" "$text")"
	done | median
}

@test "joining, starting and making a session take few system calls" {
	local dir=$BATS_TEST_TMPDIR/t exec='execve("/bin/true"' object file _
	local -a join=() before=() joined handed start=() look=() make=() litter=()
	# A plain user's look has one more: whether the file has capabilities. So has that of a
	# file whose notes are not at its beginning, as with Debian 13: of 20 bytes.
	local capabilities=$(($(id -u) != 0))

	need_strace
	for object in "$OBJECTS/empty.so" "$SHIM"; do
		# The first child makes the session, the second one joins it. Beside much load it
		# meets the helper, and asks once more.
		joined=() handed=()
		for _ in 1 2 3 4 5; do
			traced "$dir" "$object" sh -c '/bin/true; /bin/true; :'
			file=$(last_that "$dir" "$exec")
			joined+=("$(calls_from "$exec" "$file")")
			handed+=("$(calls_before "$exec" "$file")")
		done
		join+=("$(printf '%s\n' "${joined[@]}" | sort -n | head -n 1)")
		before+=("$(printf '%s\n' "${handed[@]}" | sort -n | head -n 1)")
		traced "$dir" "$object" /bin/true
		start+=("$(cat "$dir"/t.* | wc -l)")
		traced "$dir" "$object" env /bin/true
		file=$(last_that "$dir" "$exec")
		look+=("$(awk -v exec="$exec" 'index($0, exec) == 1 { print n + 0; exit }
			/^pread64\(.*, 20, [0-9]+\)/ { next }
			/^statx\(.*"\/bin\/true"/ || n { n++ }' "$file")")
		make+=("$(usual '["test"' "$object" test -e /tmp/x)")
		litter+=("$(usual '["touch"' "$object" touch /tmp/x)")
		rm -f /tmp/x
	done
	{
		echo "join $((join[1] - join[0]))"
		echo "handover $((before[1] - before[0]))"
		echo "start $((start[1] - start[0]))"
		echo "look $((look[1] - look[0] - capabilities))"
		echo "make $((make[1] - make[0]))"
		echo "litter $((litter[1] - litter[0]))"
	} >"$BATS_TEST_TMPDIR/counts"
	run within process <"$BATS_TEST_TMPDIR/counts"
	assert_success
	assert_no_session
}

@test "privtmp run takes few system calls and page faults more than the command" {
	local dir=$BATS_TEST_TMPDIR/t _ bare

	need_strace
	instructions >/dev/null # skips where the limits are not for
	if readelf -l "$REAPER" | grep -q INTERP; then
		skip "the helper is one with a libc"
	fi
	traced "$dir" "" /bin/true
	bare=$(cat "$dir"/t.* | wc -l)
	{
		for _ in 1 2 3 4 5; do
			traced "$dir" "" "$PRIVTMP" run -- /bin/true
			cat "$dir"/t.* | wc -l
		done | median | awk -v bare="$bare" '{ print "calls", $1 - bare }'
		bare=$("$BENCH" faults 9 /bin/true | median)
		"$BENCH" faults 9 "$PRIVTMP" run -- /bin/true | median |
			awk -v bare="$bare" '{ print "faults", $1 - bare }'
	} >"$BATS_TEST_TMPDIR/counts"
	run within run <"$BATS_TEST_TMPDIR/counts"
	assert_success
	assert_no_session
}

# Of a file that was written just now each page would count as dirty: only copies count.
@test "joining writes to few pages" {
	local object size
	local -a pages=()

	[[ $(uname -m) == x86_64 && ${CC:-} != *-m32* ]] ||
		skip "the limits are those of x86-64"
	size=$(($(getconf PAGESIZE) / 1024))
	for object in "$OBJECTS/empty.so" "$SHIM"; do
		# Not the last command, which the shell would become.
		pages+=("$(LD_PRELOAD=$object sh -c 'cat /proc/self/smaps; :' |
			awk -v object="$object" -v size="$size" '
				/^[0-9a-f]+-/ { on = $6 == object }
				on && /^Anonymous:/ { sum += $2 }
				END { print sum / size }')")
	done
	run within pages <<<"join $((pages[1] - pages[0]))"
	assert_success
	assert_no_session
}

# least_stack OBJECT: how many pages of stack a program takes to start.
least_stack() {
	local pages size

	size=$(($(getconf PAGESIZE) / 1024))
	for pages in {1..99}; do
		# shellcheck disable=SC2016 # expanded by the inner shell
		env -i setarch -R sh -c 'ulimit -s "$1"; LD_PRELOAD=$2 exec /bin/true' sh \
			$((pages * size)) "$1" && break
	done 2>/dev/null
	echo "$pages"
}

@test "a start needs few pages of stack more than without the shim" {
	[[ $(uname -m) == x86_64 && ${CC:-} != *-m32* ]] ||
		skip "the limits are those of x86-64"
	[[ ${CFLAGS:--O2} == *-O2* ]] || skip "the limits are those of -O2"
	# Else the kernel takes up to 8 KiB more, at random.
	setarch -R true 2>/dev/null || skip "addresses are at random here"
	run within stack <<<"start $(($(least_stack "$SHIM") - $(least_stack "$OBJECTS/empty.so")))"
	assert_success
	assert_no_session
}

@test "where there is a link of the session's making, a path costs no call for each of its names" {
	local deep=/tmp/a/b/c/d/e/f/g/h/i

	need_strace
	run -0 env LD_PRELOAD="$SHIM" sh -c "
		mkdir -p $deep && ln -s /tmp/a /tmp/l
		strace -qq -o '$BATS_TEST_TMPDIR/trace' -e trace=openat2,readlink,readlinkat test -e $deep/x
		strace -qq -o '$BATS_TEST_TMPDIR/over' -e trace=openat2,readlink,readlinkat test -d /tmp/l/b/c/d/e/f/g"
	[[ $(grep -c "/i\"\|/x\"" "$BATS_TEST_TMPDIR/trace") -le 2 ]]
	[[ $(wc -l <"$BATS_TEST_TMPDIR/trace") -le 3 ]]
	# Over the link: to it, and from there.
	[[ $(wc -l <"$BATS_TEST_TMPDIR/over") -le 6 ]]
	assert_no_session
}

@test "what every shell opens is no reason to look at inherited descriptors" {
	need_strace
	# Without them bash asks for its user's, and libnss_systemd opens what it likes.
	export SHELL=/bin/sh HOME=/
	run -0 strace -qq -f -e trace=openat -o "$BATS_TEST_TMPDIR/trace" \
		env LD_PRELOAD="$SHIM" bash -c ': </dev/null; (: >/dev/null); read -r _ </proc/self/stat'
	run -0 cat "$BATS_TEST_TMPDIR/trace"
	assert_output --partial '"/dev/null"'
	refute_output --partial '"/proc/self/fd"'
	run -1 strace -qq -f -e trace=openat -o "$BATS_TEST_TMPDIR/trace" \
		env LD_PRELOAD="$SHIM" bash -c ': </proc/self/fd/../fd/99'
	run -0 grep -c '"/proc/self/fd"' "$BATS_TEST_TMPDIR/trace"
}
