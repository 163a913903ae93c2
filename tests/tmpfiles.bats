#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What systemd-tmpfiles does to sessions with the rules that are installed.

load common

RULES=$PRIVTMP_SOURCE/tools/tmpfiles.d/privtmp.conf

setup() {
	command -v systemd-tmpfiles >/dev/null || skip 'needs systemd-tmpfiles'
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need_own_tmp # other files would be cleaned
	# Debian's rule for /tmp, with an age that everything exceeds.
	age=$(scratch)/age.conf
	echo 'q /tmp 1777 root root 0' >"$age"
}

@test "cleaning leaves a session alone however old its files are" {
	mkdir -p /tmp/.privtmp-0123456789012345678901/tmp/d /tmp/other
	touch -d '2001-01-01' /tmp/.privtmp-0123456789012345678901/tmp/d/file /tmp/other/file
	run systemd-tmpfiles --clean --prefix=/tmp "$age" "$RULES"
	assert [ -e /tmp/.privtmp-0123456789012345678901/tmp/d/file ]
	assert [ ! -e /tmp/other/file ]
	rm -rf /tmp/.privtmp-0123456789012345678901 /tmp/other
}

@test "without the rules, cleaning would take the files away" {
	mkdir -p /tmp/.privtmp-0123456789012345678901/tmp/d
	touch -d '2001-01-01' /tmp/.privtmp-0123456789012345678901/tmp/d/file
	run systemd-tmpfiles --clean --prefix=/tmp "$age"
	assert [ ! -e /tmp/.privtmp-0123456789012345678901/tmp/d/file ]
	rm -rf /tmp/.privtmp-0123456789012345678901
}

# The helper may not have begun to wait when it is woken.
is_held() {
	kill -ALRM "$(helper_of "$1")"
	! flock --nonblock --exclusive "$1" true
}

both_are_there() { [[ $(new_sessions | xargs -I{} find {} -name file | wc -l) -eq 2 ]]; }

@test "without the rules, a session in use is left alone, too" {
	local root program

	mkfifo "$BATS_TEST_TMPDIR/go"
	exec {go}<>"$BATS_TEST_TMPDIR/go"
	shimmed sh -c 'echo x >/tmp/file; echo x >/var/tmp/file; read -r line' <&"$go" 3>&- &
	program=$!
	wait_until 5 both_are_there
	root=$(new_sessions | grep '^/tmp/')
	wait_until 5 is_held "$root"
	touch /tmp/other
	find /tmp -exec touch -d 2001-01-01 {} +
	run systemd-tmpfiles --clean --prefix=/tmp "$age"
	assert [ -e "$(echo "$root"/???????????)/tmp/file" ]
	assert [ ! -e /tmp/other ]
	echo go >&"$go"
	wait "$program"
	assert_no_session
}

# The name that the rules are for, and names that only begin so.
@test "a boot removes what was left, and nothing else" {
	local id=0123456789abcABCxyzXYZ name

	[[ ${#id} -eq 22 ]]
	mkdir -p /tmp/.privtmp-$id/tmp/d /var/tmp/.privtmp-$id/var /tmp/other
	mkdir /var/tmp/.privtmp-{x,${id}0,${id%?},${id%?}-}
	run systemd-tmpfiles --remove --boot "$RULES"
	assert [ ! -e /tmp/.privtmp-$id ]
	assert [ ! -e /var/tmp/.privtmp-$id ]
	assert [ -d /tmp/other ]
	for name in x ${id}0 ${id%?} ${id%?}-; do
		assert [ -d "/var/tmp/.privtmp-$name" ]
	done
	rm -rf /tmp/other /var/tmp/.privtmp-*
}

@test "a name that only begins like a session's does not keep a file from ageing" {
	mkdir -p /tmp/.privtmp-mine
	touch -d '2001-01-01' /tmp/.privtmp-mine/file
	run systemd-tmpfiles --clean --prefix=/tmp "$age" "$RULES"
	assert [ ! -e /tmp/.privtmp-mine/file ]
	rm -rf /tmp/.privtmp-mine
}

@test "a boot follows no link out of what was left" {
	local out root=/tmp/.privtmp-0123456789012345678901

	out=$(scratch)
	touch "$out/precious"
	mkdir -p "$root/tmp"
	ln -s "$out" "$root/tmp/link"
	ln -s "$out" /tmp/.privtmp-abcdefghijklmnopqrstuv
	run systemd-tmpfiles --remove --boot "$RULES"
	assert [ -e "$out/precious" ]
	assert [ ! -e "$root" ]
	rm -f /tmp/.privtmp-abcdefghijklmnopqrstuv
}
