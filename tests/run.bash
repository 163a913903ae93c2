# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # bats: subshells; its variables and ours
#
# What the tests of privtmp run have in common: "load run" behind "load common".

setup() {
	NAME=privtmp-run-$$-$RANDOM
	LOG=$BATS_TEST_TMPDIR/log
	STRANGE='' # what a test has started and teardown must end
	# The sanitizers' run-time insists on being loaded first.
	TOOL=(env ${PRIVTMP_SANITIZER:+"LD_PRELOAD=$PRIVTMP_SANITIZER"} "$PRIVTMP")
	RUN=("${TOOL[@]}" run)
}

teardown() {
	local pid

	for pid in $STRANGE; do
		kill -KILL "$pid" 2>/dev/null || :
	done
	rm -f "/tmp/$NAME" "/var/tmp/$NAME"
}

# configured NAME: what the build is configured with, such as its libdir.
configured() {
	local value="\${$1}" text='^(.*)\$\{([a-z_]+)\}(.*)$'

	while [[ $value =~ $text ]]; do
		value=${BASH_REMATCH[1]}$(sed -n "s/^${BASH_REMATCH[2]} = //p" \
			"$PRIVTMP_BUILD/Makefile")${BASH_REMATCH[3]}
	done
	echo "$value"
}

# start COMMAND [ARG]...: run COMMAND with its output in LOG, as PID.
start() {
	: >"$LOG" # before anybody looks for what the last one wrote
	"$@" >"$LOG" 2>&1 3>&- &
	PID=$!
	STRANGE+=" $PID"
}

logged() {
	grep -q -- "$1" "$LOG"
}

logged_times() {
	[[ $(grep -c -- "$2" "$LOG") -eq $1 ]]
}

# ends PID STATUS [SECONDS]: PID ends with STATUS.
ends() {
	local status=0

	wait_until "${3:-10}" gone "$1" || fail "$1 has not ended"
	wait "$1" || status=$?
	assert_equal "$status" "$2"
}

gone() {
	! kill -0 "$1" 2>/dev/null || [[ $(state "$1") == Z ]]
}

# state PID: the letter of its state.
state() {
	sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null
}

is_stopped() {
	[[ $(state "$1") == T ]]
}

is_running() {
	[[ $(state "$1") == [SRD] ]]
}

# child_of PID NAME: the child of PID that runs NAME. Waits until it does.
child_of() {
	wait_until 5 pgrep -P "$1" -x "$2"
}

# one_line TEXT: the output is one line of privtmp's, with TEXT in it.
one_line() {
	assert_equal "${#lines[@]}" 1
	assert_output --regexp '^privtmp: '
	assert_output --partial "$1"
}

childless() {
	! pgrep -P "$1" -x "$2"
}

# not_nested_sanitizer: skip where one run-time for sanitizers would have to be
# loaded before another one.
not_nested_sanitizer() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time wants to be first"
}

# world OPTIONS COMMAND [ARG]...: run COMMAND with a /tmp of its own, a tmpfs
# with these mount options.
world() {
	local options=$1

	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -c \
		'mount -t tmpfs -o "$1" tmp /tmp || exit 99; shift; exec "$@"' sh "$options" "$@"
}

need_worlds() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount a /tmp"
	world mode=1777 true 2>/dev/null || skip "needs a mount namespace"
}

# with_library SCRIPT [ARG]...: run SCRIPT with the library where distributions have it,
# in a mount namespace with an /etc and a /tmp of its own.
with_library() {
	local dir

	[[ $(id -u) -eq 0 ]] || skip "needs root, to put a file into an /etc"
	dir=$(ldd /bin/true | sed -n 's,.*=> \(/.*\)/libc\.so\.6 .*,\1,p')
	[[ -n $dir ]] || skip "the dynamic linker is not glibc's"
	dir=$(readlink -f "$dir")
	unshare --mount --propagation private bash -c '
		mount -t tmpfs -o mode=755 over /mnt && mkdir -p /mnt/{etc,lib}/{up,work} &&
		mount -t overlay -o lowerdir=/etc,upperdir=/mnt/etc/up,workdir=/mnt/etc/work \
			over /etc &&
		mount -t overlay -o "lowerdir=$1,upperdir=/mnt/lib/up,workdir=/mnt/lib/work" \
			over "$1"' bash "$dir" 2>/dev/null || skip "needs a mount namespace with overlays"
	run -0 unshare --mount --propagation private bash -ec '
		mount -t tmpfs -o mode=755 over /mnt && mkdir -p /mnt/{etc,lib}/{up,work}
		mount -t overlay -o lowerdir=/etc,upperdir=/mnt/etc/up,workdir=/mnt/etc/work over /etc
		mount -t overlay -o "lowerdir=$1,upperdir=/mnt/lib/up,workdir=/mnt/lib/work" over "$1"
		install -m 755 "$SHIM" "$1/libprivtmp.so"
		rm -f /etc/ld.so.preload
		mount -t tmpfs -o mode=1777 tmp /tmp
		shift
		eval "$1"' bash "$dir" "$@"
}

# start_session [OPTION]...: one in the background: its launcher is PID, its root ROOT.
start_session() {
	start "${RUN[@]}" "$@" sh -c "echo first >/tmp/$NAME; echo second >/var/tmp/$NAME
		echo ready; exec sleep 60"
	wait_until 10 logged ready
	ROOT=$(new_sessions | grep '^/tmp/' || :)
	STRANGE+=" $(child_of "$PID" sleep)"
}

end_session() {
	kill -TERM "$PID"
	ends "$PID" 143
}

# on_terminal COLUMNS COMMAND: its output on a terminal of that width.
on_terminal() {
	command -v script >/dev/null || skip "needs script (util-linux)"
	local input=$BATS_TEST_TMPDIR/input

	# At the end of its input script(1) may not wait for the rest.
	[[ -p $input ]] || mkfifo "$input"
	script -qec "stty cols $1; $2" /dev/null <>"$input" | tr -d '\r'
}
