# SPDX-License-Identifier: LGPL-2.1-or-later
# Names that stay shared appear where their guarded directory is listed, and what is
# listed can be reached, by relative names too.
#
# shellcheck disable=SC2016 # expanded by the inner shell

load common

setup() {
	[[ -n ${PRIVTMP_TEST_ISOLATED:-} ]] || skip "fills /tmp, and needs its own"
	LISTING=$PROGS/listing
	export PRIVTMP_SHARE='/tmp/agent.*'
	echo one >/tmp/agent.1
	mkdir /tmp/agent.d
	echo deep >/tmp/agent.d/file
	touch /tmp/other
	cd /
}

teardown() {
	cd /
	rm -rf /tmp/* /tmp/.X11-unix /var/tmp/*
}

@test "each way to list a guarded directory finds what is private, and what is shared" {
	run -0 "$LISTING" /tmp
	assert_output $'agent.1\nagent.d\nother'
	run -0 shimmed "$LISTING" /tmp
	assert_output $'agent.1\nagent.d'
	mkdir -m 1777 /tmp/.X11-unix
	run -0 shimmed sh -c 'touch /tmp/own /tmp/zz; "$1" /tmp; echo; "$1" /var/tmp' sh "$LISTING"
	assert_output $'.X11-unix\nagent.1\nagent.d\nown\nzz'
	assert_no_session
}

@test "with more names than a reading takes in" {
	local i

	for i in {100..199}; do
		: >"/tmp/a-name-that-is-long-and-private-$i"
	done
	for i in {10..59}; do
		: >"/tmp/agent.number-$i"
	done
	run -0 shimmed "$LISTING" /tmp
	assert_equal "$(printf '%s\n' "${lines[@]}" | sort -u | wc -l)" 52
	refute_output --partial "a-name"
	refute_output --partial differs
}

@test "what is listed can be reached, by each name" {
	run -0 shimmed sh -c 'cd /tmp; cat agent.1 ./agent.1 agent.d/file agent.d/../agent.1
		cd agent.d; pwd; cat file ../agent.1'
	assert_output $'one\none\ndeep\none\n/tmp/agent.d\ndeep\none'
	run -0 shimmed sh -c 'touch /tmp/own; cd /tmp; ls -l >/dev/null; find . | sort; find /tmp -ls >/dev/null
		tar cf - . | tar tf - >/dev/null; echo agent.*; echo /tmp/agent.*'
	assert_output $'.\n./agent.1\n./agent.d\n./agent.d/file\n./own\nagent.1 agent.d\n/tmp/agent.1 /tmp/agent.d'
	run -0 shimmed sh -c 'cd /tmp; echo new >agent.2; mv agent.1 agent.3; mkdir own; ls -A'
	assert_output $'agent.2\nagent.3\nagent.d\nown'
	assert_equal "$(ls -A /tmp)" $'agent.2\nagent.3\nagent.d\nother'
}

@test "another directory of the same names has its own alone" {
	run -0 shimmed sh -c 'mkdir /tmp/sub; touch /tmp/sub/agent.x; "$1" /tmp/sub; cd /tmp/sub; ls -A' \
		sh "$LISTING"
	assert_output $'agent.x\nagent.x'
}

@test "a directory of one's own that was started in is listed" {
	mkdir /tmp/mine
	cd /tmp/mine
	run -0 shimmed sh -c 'ls -A /tmp; ls -d /tmp/mine ../mine; cd ..; ls -d mine'
	assert_output $'agent.1\nagent.d\nmine\n../mine\n/tmp/mine\nmine'
}
