# SPDX-License-Identifier: LGPL-2.1-or-later
# Every way to a path, where a way takes its time.

load ../common

@test "a call that waits too long for another thread's session fails" {
	local steps

	need_users
	command -v strace >/dev/null || skip "needs strace, to hold a thread up"
	need_own_tmp
	DIR=$(scratch)
	mkdir -p "$DIR/jail/tmp" "$DIR/jail/etc"
	chmod 1777 "$DIR/jail/tmp"
	echo shared >"$DIR/jail/tmp/x"
	: >"$DIR/jail/etc/privtmp.conf"
	steps=(make:/tmp/first root:"$DIR/jail" thread:/tmp/a read:/tmp/x read:tmp/../tmp/x make:/tmp/b
		read:/etc/privtmp.conf)
	run -0 "$PROGS/starts" "${steps[@]}"
	assert_line "read /tmp/x: shared"
	rm -f "$DIR"/jail/tmp/[ab] /tmp/first
	# Each wait is of ten seconds, in pauses which are longer on a busy machine.
	run -0 strace -f -o /dev/null -E LD_PRELOAD="$SHIM" -P /etc/privtmp.conf -e trace=openat \
		-e inject=openat:delay_enter=30000000:when=1 "$PROGS/starts" "${steps[@]}"
	refute_output --partial shared
	assert_line "read /tmp/x: EAGAIN"
	assert_line "read tmp/../tmp/x: EAGAIN"
	assert_line "read /etc/privtmp.conf: "
	[[ ! -e $DIR/jail/tmp/a && ! -e $DIR/jail/tmp/b ]]
}
