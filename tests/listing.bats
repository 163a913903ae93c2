# SPDX-License-Identifier: LGPL-2.1-or-later
# Names that stay shared appear where their guarded directory is listed, and what is
# listed can be reached, by relative names too.
#
# shellcheck disable=SC2016 # expanded by the inner shell

load common

setup() {
	need_own_tmp
	LISTING=$PROGS/listing
	export PRIVTMP_SHARE='/tmp/agent.*'
	echo one >/tmp/agent.1
	mkdir /tmp/agent.d
	echo deep >/tmp/agent.d/file
	touch /tmp/other
	cd /
}

teardown() {
	has_own_tmp || return 0
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

# Perl: the names that getdents64(2) gives by number, each with the bytes of room for a call.
BY_NUMBER='require q(syscall.ph);
	for my $room (65536, 1024, 200, 64) {
		opendir(my $d, q(/tmp));
		my (%names, $buf, $n);
		while (($n = syscall(&SYS_getdents64, fileno($d), $buf = "\0" x $room, $room)) > 0) {
			for (my $at = 0; $at < $n; ) {
				my $len = unpack(q(S), substr($buf, $at + 16, 2));
				$names{unpack(q(Z*), substr($buf, $at + 19, $len - 19))}++;
				$at += $len;
			}
		}
		print join(q( ), map { "$_:$names{$_}" } sort grep { !/^\.\.?$/ } keys %names), "\n";
	}'

@test "by number, shared names come with the first entries, as far as there is room" {
	run -0 perl -e "$BY_NUMBER"
	assert_output "$(for _ in 1 2 3 4; do echo agent.1:1 agent.d:1 other:1; done)"
	run -0 shimmed perl -e 'for (1 .. 40) { open(my $f, q(>), "/tmp/own$_") }'"$BY_NUMBER"
	assert_line --index 0 --regexp '^agent\.1:1 agent\.d:1 own1:1 .* own9:1$'
	assert_line --index 1 "${lines[0]}"
	assert_line --index 2 "${lines[0]}"
	# "." takes 24 bytes, and either name 32.
	assert_line --index 3 --regexp "^agent\.[1d]:1 ${lines[0]#agent.1:1 agent.d:1 }\$"
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
