# SPDX-License-Identifier: LGPL-2.1-or-later
# Sockets named by paths: they are private, and whoever asks for a name gets the
# one in the view, byte for byte and length for length as the kernel gives it.

load common

setup() {
	SOCKETS=$PROGS/sockets
	DIR=privtmp-sockets-$$-$RANDOM
	# With the session's root before it, this is longer than 108 bytes.
	LONG=$DIR-$(printf '%050d' 0)
	WAITING=()
}

teardown() {
	for pid in "${WAITING[@]}"; do
		kill "$pid" 2>/dev/null || :
	done
	rm -rf "/tmp/$DIR"* "/var/tmp/$DIR"*
}

# end_later PID: for what may wait for somebody in vain.
end_later() { WAITING+=("$1"); }

# both COMMAND: what the shell COMMAND says without the shim and with it is the
# same, and the names in the shared directories are not touched.
both() {
	sh -c "$1" >"$BATS_TEST_TMPDIR/bare" 2>&1
	[[ -s $BATS_TEST_TMPDIR/bare ]]
	rm -rf "/tmp/$DIR"* "/var/tmp/$DIR"*
	shimmed sh -c "$1" >"$BATS_TEST_TMPDIR/shimmed" 2>&1
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2 ||
		fail "under the shim something else came of: $1"
	[[ -z $(find /tmp /var/tmp -maxdepth 1 -name "$DIR*") ]]
}

@test "a stream socket's names are those of the view, on both sides" {
	both "$SOCKETS stream /tmp/$DIR /tmp/$DIR-c"
	both "$SOCKETS stream /var/tmp/$DIR /tmp/$DIR-c"
	assert_no_session
}

@test "a datagram comes from the view's name, whichever call receives it" {
	both "$SOCKETS dgram /tmp/$DIR /tmp/$DIR-c"
	both "$SOCKETS dgram /tmp/$DIR /var/tmp/$DIR-c"
}

@test "names that fit into 108 bytes work where the backing's do not" {
	both "mkdir /tmp/$LONG && $SOCKETS stream /tmp/$LONG/s /tmp/$LONG/c"
	both "mkdir /var/tmp/$LONG && $SOCKETS stream /var/tmp/$LONG/s /tmp/c"
	both "mkdir /tmp/$LONG && $SOCKETS dgram /tmp/$LONG/s /tmp/$LONG/c"
	both "$SOCKETS stream /tmp/$LONG-0123456789 /tmp/$LONG-abcdefghij"
	both "$SOCKETS dgram /tmp/$LONG-0123456789 /tmp/$LONG-abcdefghij"
	assert_no_session
}

@test "every length of name and of address gives what the kernel gives" {
	both "mkdir /tmp/$DIR && $SOCKETS lengths /tmp/$DIR"
	both "mkdir /tmp/$LONG && $SOCKETS lengths /tmp/$LONG"
}

@test "a small buffer gets the name's beginning and its true length" {
	both "$SOCKETS rooms /tmp/$DIR /tmp/$DIR-c"
	both "mkdir /tmp/$LONG && $SOCKETS rooms /tmp/$LONG/s /tmp/$LONG/c"
}

@test "what must not work fails as it did, and can be tried again" {
	both "mkdir /tmp/$DIR && $SOCKETS errors /tmp/$DIR"
	both "mkdir /tmp/$LONG && $SOCKETS errors /tmp/$LONG"
}

@test "a socket's mode and owner are what the umask makes of them" {
	both "$SOCKETS modes /tmp/$DIR"
	both "mkdir /tmp/$LONG && $SOCKETS modes /tmp/$LONG/s"
	both "$SOCKETS modes /tmp/$LONG-0123456789"
}

@test "relative, roundabout and linked names are reported in the program's own words" {
	both "mkdir /tmp/$DIR && cd /tmp/$DIR && $SOCKETS stream s ./c"
	both "mkdir /tmp/$LONG && cd /tmp/$LONG && $SOCKETS dgram s ./c"
	both "cd / && $SOCKETS stream tmp/$DIR ./tmp/$DIR-c"
	both "$SOCKETS stream //tmp/./$DIR /usr/../tmp/$DIR-c"
	both "mkdir /tmp/$DIR && ln -s /tmp/$DIR /tmp/$DIR-l && $SOCKETS stream /tmp/$DIR-l/s /tmp/$DIR/c"
	both "mkdir /tmp/$DIR && cd /tmp/$DIR && $SOCKETS stream ../$DIR-s ../../tmp/$DIR-c"
}

@test "processes of one session meet under a private name, and see the view's" {
	for name in "$DIR" "$LONG/s" "$LONG-0123456789"; do
		both "mkdir /tmp/$LONG
			$SOCKETS accept /tmp/$name >/tmp/$DIR-out & $SOCKETS dial /tmp/$name
			wait; cat /tmp/$DIR-out"
	done
	assert_no_session
}

@test "who squats a name in the shared directory is met without the shim, and not with it" {
	"$SOCKETS" accept "/tmp/$DIR" >"$BATS_TEST_TMPDIR/squatter" &
	end_later $!
	wait_until 5 test -S "/tmp/$DIR"
	run -0 shimmed "$SOCKETS" stream "/tmp/$DIR"
	refute_line 'bind: EADDRINUSE'
	[[ ! -s $BATS_TEST_TMPDIR/squatter ]]
	run -0 "$SOCKETS" stream "/tmp/$DIR"
	assert_line 'bind: EADDRINUSE'
	rm -f "/tmp/$DIR"
	"$SOCKETS" accept "/tmp/$DIR" >"$BATS_TEST_TMPDIR/squatter" &
	end_later $!
	run -0 "$SOCKETS" dial "/tmp/$DIR"
	assert_line '!'
}

@test "libc's own RPC binds and reaches sockets under the view's names" {
	run "$SOCKETS" call "/tmp/$DIR"
	((status != 3)) || skip "this libc has none"
	both "$SOCKETS rpc /tmp/$DIR"
	grep -qx 'by name: 1' "$BATS_TEST_TMPDIR/shimmed"
	both "mkdir /tmp/$LONG && $SOCKETS rpc /usr/../tmp/$LONG/s"
	both "cd /tmp && $SOCKETS rpc $DIR"
	both "$SOCKETS call /tmp/$DIR"
	assert_no_session
}

@test "who has bound a name first is called by libc's RPC without the shim, and not with it" {
	"$SOCKETS" accept "/tmp/$DIR" >/dev/null &
	end_later $!
	wait_until 5 test -S "/tmp/$DIR"
	run "$SOCKETS" call "/tmp/$DIR"
	((status != 3)) || skip "this libc has none"
	assert_line 'by address: 1' # by whoever accepts one call
	run -0 shimmed "$SOCKETS" call "/tmp/$DIR"
	assert_line 'by address: 0'
	assert_line 'by name: 0'
	PRIVTMP_ROOT=/nowhere run -0 --separate-stderr shimmed "$SOCKETS" call "/tmp/$DIR"
	assert_line 'by address: 0'
	assert_line 'by name: 0'
}

@test "a shared socket is reached from inside, and bound for all to see" {
	mkdir "/tmp/$DIR"
	export PRIVTMP_SHARE=/tmp/$DIR
	"$SOCKETS" accept "/tmp/$DIR/s" >/dev/null &
	end_later $!
	run -0 shimmed "$SOCKETS" dial "/tmp/$DIR/s"
	assert_line '!'
	assert_line --regexp "^getpeername: length $((${#DIR} + 10)) .*/tmp/$DIR/s"
	shimmed "$SOCKETS" accept "/tmp/$DIR/t" >/dev/null &
	end_later $!
	run -0 "$SOCKETS" dial "/tmp/$DIR/t"
	assert_line '!'
}

@test "sockets elsewhere, abstract ones and the internet's are what they were" {
	local dir

	dir=$(scratch)
	cd "$dir"
	both "$SOCKETS stream ./s ./c"
	both "$SOCKETS dgram ./s ./c"
	both "$SOCKETS inet"
	both "mkdir -p d && $SOCKETS errors d"
}

@test "without a session nothing is bound or reached" {
	PRIVTMP_ROOT=/nowhere run -0 shimmed "$SOCKETS" stream "/tmp/$DIR"
	refute_line 'connect: 0'
	[[ ! -e /tmp/$DIR ]]
}
