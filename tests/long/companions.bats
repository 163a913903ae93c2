# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016 # expanded by inner shells
# Other libraries that are preloaded, before ours and behind it: both do their work.

load ../common

setup() {
	DIR=$(scratch)
	seq 200000 -1 1 >"$DIR/numbers"
}

# library FILE: LIBRARY is the path of a preloadable library, by the names that
# distributions install it under; or the test is skipped.
library() {
	local dir

	LIBRARY=
	for dir in /usr/lib/*-linux-gnu /usr/lib64 /usr/lib; do
		LIBRARY=$(find -L "$dir" -maxdepth 2 -name "$1" 2>/dev/null | head -n 1)
		[[ -z $LIBRARY ]] || return 0
	done
	skip "needs $1"
}

# with ORDER COMMAND [ARG]...: run COMMAND with the library bare (without ours),
# before ours, or behind it.
with() {
	local -A order=([bare]=$LIBRARY [before]="$LIBRARY:$SHIM" [behind]="$SHIM:$LIBRARY")
	local preload=${order[$1]}

	shift
	env LD_PRELOAD="$preload" "$@"
}

# Commands that use /tmp, and say the same each time.
use_tmp() {
	local numbers=$DIR/numbers

	with "$1" sort -n -S 1M "$numbers" | cksum
	with "$1" bash -c 'cat <<<"a here-document: $((6 * 7))"; echo a >/tmp/a; cat /tmp/a; ls /tmp'
	with "$1" sh -c 'mkdir /tmp/d; seq 5 >/tmp/d/f; tar -C /tmp -cf /tmp/t.tar d
		rm -r /tmp/d; tar -C /tmp -xf /tmp/t.tar; cat /tmp/d/f'
	with "$1" python3 -c '
import os, tempfile
with tempfile.NamedTemporaryFile() as f, tempfile.TemporaryDirectory() as d:
    f.write(b"x"); f.flush()
    print(os.path.dirname(f.name), os.stat(f.name).st_size, os.path.dirname(d))'
}

# works_with FILE: the commands say the same with both libraries as with that one
# alone, and nothing of theirs is seen in the shared /tmp.
works_with() {
	local order

	library "$1"
	use_tmp bare >"$DIR/bare" 2>&1
	[[ $(wc -l <"$DIR/bare") -ge 9 ]]
	rm -rf /tmp/a /tmp/d /tmp/t.tar
	for order in before behind; do
		use_tmp "$order" >"$DIR/$order" 2>&1
		diff "$DIR/bare" "$DIR/$order" >&2 || fail "$1 $order the shim"
		[[ -z $(find /tmp -name a -o -name d -o -name t.tar) ]]
		assert_no_session
	done
}

@test "jemalloc allocates, before and behind" {
	local order

	works_with 'libjemalloc.so.2'
	for order in before behind; do
		run -0 with "$order" env MALLOC_CONF=stats_print:true python3 -c 1
		assert_line --partial 'jemalloc statistics'
	done
}

@test "tcmalloc allocates, before and behind" {
	local order

	works_with 'libtcmalloc_minimal.so.4'
	for order in before behind; do
		run -0 with "$order" grep -c libtcmalloc /proc/self/maps
		# A name that tcmalloc has of its own, asked of it as the program would.
		run -0 with "$order" python3 -c 'import ctypes
print(ctypes.CDLL(None).tc_malloc_size is not None)'
		assert_output True
	done
}

@test "libfaketime fakes the time, of files in /tmp too, before and behind" {
	local order

	export FAKETIME='2001-02-03 04:05:06' TZ=UTC
	works_with 'libfaketime.so.1'
	for order in before behind; do
		run -0 with "$order" date +%Y-%m-%d
		assert_output 2001-02-03
		run -0 with "$order" sh -c 'date +%Y-%m-%d >/tmp/now; cat /tmp/now'
		assert_output 2001-02-03
	done
}

@test "eatmydata keeps fsync from the disk, before and behind" {
	local order

	command -v strace >/dev/null || skip "needs strace"
	works_with 'libeatmydata.so'
	# Without it the call is there to be seen; so it is what keeps it away.
	run -0 strace -f -qq -e trace=fsync,fdatasync -o "$DIR/trace" \
		env LD_PRELOAD="$SHIM" sh -c 'echo a >/tmp/a; sync -d /tmp/a'
	grep -q 'sync(' "$DIR/trace"
	for order in before behind; do
		run -0 strace -f -qq -e trace=fsync,fdatasync -o "$DIR/trace" \
			env LD_PRELOAD="$(with "$order" printenv LD_PRELOAD)" \
			sh -c 'echo a >/tmp/a; sync -d /tmp/a'
		run -1 grep 'sync(' "$DIR/trace"
	done
	assert_no_session
}

# faked ORDER COMMAND: run the shell COMMAND under fakeroot, which preloads its
# library itself, and adds what was to be preloaded behind it.
faked() {
	case $1 in
	bare) fakeroot -- sh -c "$2" ;;
	before) LD_PRELOAD=$SHIM fakeroot -- sh -c "$2" ;;
	behind) fakeroot -- sh -c 'LD_PRELOAD=$1:$LD_PRELOAD sh -c "$2"' - "$SHIM" "$2" ;;
	esac
}

@test "fakeroot's owners and modes are seen in the private /tmp, whichever comes first" {
	local order command='touch /tmp/f; chown 12:34 /tmp/f; chmod 4711 /tmp/f
		mknod /tmp/n c 1 3; stat -c "%n %u %g %a %F %t" /tmp/f /tmp/n
		tar -C /tmp -cf /tmp/t.tar f; tar --numeric-owner -tvf /tmp/t.tar | cut -c 1-16
		id -u; stat -c %u /tmp/t.tar'

	command -v fakeroot >/dev/null || skip "needs fakeroot"
	for order in bare before behind; do
		faked "$order" "$command" >"$DIR/$order" 2>&1
		rm -f /tmp/f /tmp/n /tmp/t.tar
	done
	grep -q '/tmp/f 12 34 4711' "$DIR/bare"
	diff "$DIR/bare" "$DIR/before" >&2
	diff "$DIR/bare" "$DIR/behind" >&2
	assert_no_session
}
