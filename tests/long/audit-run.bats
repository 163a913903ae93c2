#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# How privtmp audit runs a command, where it takes long: attacks that wait, FIFOs that nobody
# writes to, a million calls. The rest is in ../audit-run.bats.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded elsewhere; subshells

load ../common
load ../run
load ../audit

@test "--attack: what was planted is followed, read, written or waited for, and it is proved" {
	cat >script <<-END
		umask 022
		[ -e $N.lock ] || echo \$\$ >$N.lock
		cat $N.fifo 2>/dev/null
		mkdir -p $N.d && echo secret >$N.d/x
		[ ! -r $N.conf ] || . $N.conf 2>/dev/null
		rm -rf $N.lock $N.d
	END
	run -0 "$PRIVTMP" audit --attack --format json --output report.json -- bash script
	grep -q '"rule": "followed-link".*a file was made where it led.*"proof": "privtmp audit --attack=dangling:'"$N"'.lock -- bash script"' report.json
	grep -q '"rule": "missing-exclusive".*a planted directory was used.*directory:'"$N"'.d' report.json
	grep -q '"rule": "foreign-object".*a planted file was read.*file:'"$N"'.conf' report.json
	grep -q '"rule": "foreign-object".*wait for ever.*fifo:'"$N"'.fifo' report.json
	[[ -z $(compgen -G "$N*" || :) ]]
	assert_no_session 5
}

@test "the command that repeats an attack is one command, whatever the name" {
	local name="$N'; touch PWNED; echo '" proof

	run "$PRIVTMP" audit --attack --format json --output report.json -- "$STEPS" open "$name"
	proof=$(sed -n 's/.*"proof": "\(.*\)", "suppressed".*/\1/p' report.json | grep -m1 link:)
	printf -v proof %b "$proof"
	run -0 bash -c "privtmp() { printf '%s\n' \"\$@\"; }; $proof"
	assert_output "audit
--attack=link:$name
--
$STEPS
open
$name"
	[[ ! -e PWNED ]]
}

@test "what names places waits for no FIFO, ends no report, and has no rights to change" {
	local where=$PRIVTMP_BUILD/tools/where

	[[ -x $where ]] || skip "built without libdw"
	mkfifo fifo
	run -0 timeout 10 "$where" <<<"$PWD/fifo"$'\t\t10'
	assert_output $'\t\t'
	# Debug information that is said to be in a FIFO: there is none. The next place is told.
	objcopy --strip-debug --remove-section .gnu_debuglink "$(type -P true)" program
	printf 'fifo\0\0\0\0\1\2\3\4' >'link'
	objcopy --add-section .gnu_debuglink=link program 2>/dev/null || skip "no objcopy"
	run -0 timeout 10 "$where" <<<"$PWD/program"$'\t\t2000\n'"$where"$'\t\t0'
	assert_equal "${#lines[@]}" 2
	((EUID == 0)) || return 0
	grep -q '^CapPrm:.*[4-7c-f]$' /proc/self/status || return 0
	(sleep 1 && echo && sleep 1) | "$where" &
	sleep 0.5
	run -0 cat /proc/$!/status
	wait || :
	assert_line --regexp '^Uid:.65534.65534.65534.65534$'
	assert_line --regexp '^Cap(Prm|Eff):.0+4$'
}

@test "a million calls are counts, not lines" {
	run -0 audit "$STEPS" many 500000 "$N"
	grep -q '"calls": 100[0-9]*, "not_counted": 0' report.json
	[[ $(wc -c <report.json) -lt 500000 ]]
}
