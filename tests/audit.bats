#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What privtmp audit finds, and what it does not; by progs/audit_steps, whose calls are known.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded elsewhere; subshells

load common

STEPS=$PROGS/audit_steps
AUDIT_SHIM=$PRIVTMP_BUILD/shim/.libs/libprivtmp-audit.so

setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has to come first"
	cd "$BATS_TEST_TMPDIR" || return
	N=/tmp/privtmp-audit-$$-$RANDOM
}

teardown() {
	# Whatever a step was kept from removing.
	rm -rf "$N" "$N".* "$N"-* /dev/shm/"${N##*/}"*
}

# audit COMMAND [ARG]...: run it, and print a line "RULE SEVERITY CALL PATH" for each
# finding, sorted; LOG has what the command wrote.
audit() {
	"$PRIVTMP" audit --format json --output report.json -- "$@" >log 2>&1
	local status=$?

	sed -n 's/.*"type": "finding", "rule": "\([a-z-]*\)".*"severity": "\([a-z]*\)".*"path": "\([^"]*\)".*"call": "\([a-z0-9_]*\)".*/\1 \2 \4 \3/p' \
		report.json | sort
	return "$status"
}

# rules COMMAND [ARG]...: the rules alone.
rules() {
	audit "$@" | cut -d ' ' -f 1 | sort -u | tr '\n' ' '
}

# -- What is no fault ------------------------------------------------------------

@test "proper use gives no finding" {
	run -0 audit "$STEPS" mkstemp "$N-XXXXXX" mkdtemp "$N-XXXXXX" tmpfile x nameless /tmp \
		exclusive "$N-@" unlink "$N-@"
	assert_output ""
	grep -q '"type": "report"' report.json
}

@test "a shell's proper use gives no finding" {
	cat >proper <<-'END'
		f=$(mktemp) && d=$(mktemp -d) || exit
		trap 'rm -rf "$f" "$d"' EXIT
		echo secret >"$f"
		cat "$f" >"$d/copy"
		[ -e "$d/copy" ] && sort -o "$d/sorted" "$d/copy"
		chmod 600 "$f"
	END
	for shell in sh bash; do
		run -0 audit "$shell" proper
		assert_output ""
	done
}

@test "files elsewhere give no finding" {
	run -0 audit "$STEPS" access "$PWD/x" fopen "$PWD/x" chmod "$PWD/x" unlink "$PWD/x"
	assert_output ""
}

@test "what is in a directory that is closed to others is nobody's business" {
	run -0 audit "$STEPS" mkdir "$N" fopen "$N/x" access "$N/x" open-up "$N/x" \
		unlink "$N/x" rmdir "$N"
	assert_output "predictable-name low mkdir $N"
}

# -- Rule by rule ----------------------------------------------------------------

@test "insecure-name-api: names without files, and templates that are too short" {
	run -0 audit "$STEPS" mktemp "$N-XXXXXX"
	assert_output --regexp "^insecure-name-api medium mktemp $N-[A-Za-z0-9]{6}\$"
	run -0 audit "$STEPS" tmpnam x
	assert_output --regexp '^insecure-name-api medium tmpnam /tmp/'
	run -0 audit "$STEPS" tempnam /tmp
	assert_output --regexp '^insecure-name-api medium tempnam /tmp/'
	run -0 audit "$STEPS" mkstemp "$N-XXX"
	assert_output "insecure-name-api medium mkstemp $N-XXX"
}

@test "predictable-name: it says what the name was made from" {

	run -0 audit "$STEPS" exclusive "$N-%" unlink "$N-%"
	assert_output --regexp "^predictable-name low open $N-[0-9]+\$"
	grep -q "made from the process's number" report.json
	echo ': >"/tmp/audit-$(date +%s)-x"; rm -f /tmp/audit-*-x' >script
	audit bash script >/dev/null
	grep -q "made from the time" report.json
	echo 'mkdir "/tmp/audit-$(id -un)-x"; rmdir /tmp/audit-*-x' >script
	audit bash script >/dev/null
	grep -q "made from the user" report.json
	echo 'mkdir "/tmp/audit.lock"; rmdir /tmp/audit.lock' >script
	audit bash script >/dev/null
	grep -q "the same in each run" report.json
}

@test "missing-exclusive: each way to open what another has put there" {
	local step

	for step in open creat fopen append; do
		run -0 audit "$STEPS" "$step" "$N" unlink "$N"
		assert_line --regexp "^missing-exclusive high [a-z]+ $N\$"
	done
	for step in exclusive fopenx mkdir; do
		run -0 audit "$STEPS" "$step" "$N" remove "$N"
		refute_output --partial missing-exclusive
	done
}

@test "a wrong file of suppressions or a baseline is told before the command runs" {
	echo "no-such-rule *" >wrong
	local option

	for option in "--suppress missing" "--suppress wrong" "--baseline missing" "--baseline wrong"; do
		# shellcheck disable=SC2086 # two words
		run -125 "$PRIVTMP" audit $option -- touch "$PWD/ran"
		assert_output --partial "${option#* }"
		[[ ! -e ran ]]
	done
	echo "predictable-name *" >right
	run -0 "$PRIVTMP" audit --suppress right -- touch "$PWD/ran"
	run -0 "$PRIVTMP" audit --suppress <(cat right) -- touch "$PWD/ran"
	[[ -e ran ]]
}

@test "calls by number are found as those by name are" {
	run -0 audit "$STEPS" number-open "$N" number-unlink "$N"
	assert_output "missing-exclusive high openat $N
predictable-name medium openat $N"
	run -0 audit "$STEPS" number-openat2 "$N" number-unlink "$N"
	assert_line "missing-exclusive high openat2 $N"
	run -0 audit "$STEPS" number-access "$N" number-open "$N" number-unlink "$N"
	assert_line --regexp "^check-then-use [a-z]+ [a-z]+ $N\$"
	run -0 audit "$STEPS" number-exclusive "$N-@" number-open-up "$N-@" number-unlink "$N-@"
	assert_output --regexp "^loose-permissions medium fchmodat $N-[A-Za-z0-9]+\$"
	run -0 audit "$STEPS" number-exclusive "$N-@" number-fchmod "$N-@" number-unlink "$N-@"
	assert_line --regexp "^loose-permissions medium fchmod $N-[A-Za-z0-9]+\$"
	(umask 022 && audit "$STEPS" number-bind "$N" number-unlink "$N" >found)
	grep -qx "predictable-name low bind $N" found
	run -0 audit "$STEPS" number-exclusive "$N-@" number-unlink "$N-@"
	assert_output ""
}

@test "a program that is executed by number is audited, too" {
	printf '#!/bin/sh\n: >%s-x; rm -f %s-x\n' "$N" "$N" >"$N"
	chmod 755 "$N"
	run -0 audit "$STEPS" number-execve "$N"
	assert_line "missing-exclusive high open $N-x"
}

@test "missing-exclusive: a directory that was there, and whose owner nobody looks at" {
	mkdir "$N"
	run -0 audit "$STEPS" mkdir "$N" fopen "$N/x" unlink "$N/x"
	assert_line "missing-exclusive high mkdir $N"
	run -0 audit "$STEPS" mkdir "$N" lstat "$N" fopen "$N/x" unlink "$N/x"
	refute_output --partial missing-exclusive
}

@test "loose-permissions: what is made, and what is made so afterwards" {
	umask 022
	run -0 audit "$STEPS" loose "$N-@" unlink "$N-@"
	assert_output --regexp "^loose-permissions low open $N-[A-Za-z0-9]+\$"
	umask 0
	run -0 audit "$STEPS" loose "$N-@" unlink "$N-@"
	assert_output --regexp "^loose-permissions medium open $N-[A-Za-z0-9]+\$"
	run -0 audit "$STEPS" bind "$N" unlink "$N"
	assert_line "loose-permissions medium bind $N"
	umask 077
	run -0 audit "$STEPS" exclusive "$N-@" open-up "$N-@" unlink "$N-@"
	assert_output --regexp "^loose-permissions medium chmod $N-[A-Za-z0-9]+\$"
}

@test "followed-link: one that was there, and not one that the program has made" {
	echo there >there
	ln -s "$PWD/there" "$N"
	run -0 audit "$STEPS" read "$N" fopen "$N"
	echo "$STEPS read $N" >script
	run -0 audit bash script
	assert_line "followed-link medium open $N"
	run -0 audit "$STEPS" nofollow "$N"
	refute_output --partial followed-link
	rm "$N"
	run -0 audit "$STEPS" symlink "$N" read "$N" unlink "$N"
	refute_output --partial followed-link
}

@test "foreign-object: what another user made is opened, executed and loaded" {
	need_users
	cp "$(type -P true)" "$N"
	chown "$OTHER_UID" "$N"
	for step in read execv dlopen; do
		run -0 audit "$STEPS" "$step" "$N"
		assert_line --regexp "^foreign-object high [a-z]+ $N\$"
	done
	rm "$N"
	mkdir "$N"
	touch "$N/x"
	chown "$OTHER_UID" "$N"
	run -0 audit "$STEPS" read "$N/x"
	assert_line "foreign-object high open $N/x"
}

@test "foreign-object: not one of so many temporary files that not all names are kept" {
	seq 100000 >lines
	run -0 audit sort -S 100K -T /tmp -o sorted lines
	assert_output ""
}

@test "foreign-object: what was there, or could have been, is sourced" {
	echo "[ -e $N ] && . $N || :" >script
	touch "$N"
	run -0 audit bash script
	assert_line "foreign-object medium open $N"
	rm "$N"
	echo ". $N" >script
	run audit bash script
	assert_line "foreign-object low open $N"
}

@test "leftover: with its size, and a directory with what is in it once" {
	run -0 audit sh -c "exec 3>$N-xK3dQ9Wz; echo 12345 >&3"
	assert_line --regexp "^leftover low open(64)? $N-xK3dQ9Wz\$"
	grep -q '"rule": "leftover".*"size": 6[,}]' report.json
	run -0 audit sh -c "umask 77; mkdir $N; echo 12345 >$N/a; echo 12345 >$N/b"
	[[ $(grep -c leftover <<<"$output") -eq 1 ]]
	grep -q '"rule": "leftover".*"size": 12[,}]' report.json
}

@test "outside-knowledge: a name that another program is told" {
	echo "sort -o $N-xK3dQ9Wz /dev/null" >script
	run -0 audit bash script
	assert_line --regexp "^outside-knowledge low [a-z]+ $N-xK3dQ9Wz\$"
	run -0 audit "$STEPS" system "$N-@"
	assert_output --regexp "^outside-knowledge low system $N-[A-Za-z0-9]+\$"
	echo "X=$N-xK3dQ9Wz env >/dev/null" >script
	run -0 audit bash script
	assert_line --regexp "^outside-knowledge low [a-z]+ $N-xK3dQ9Wz\$"
	X=$N-xK3dQ9Wz run -0 audit sh -c 'env >/dev/null'
	refute_output --partial outside-knowledge
}

@test "check-then-use: each check before each use, and not one without the other" {
	local look use wrong=""

	for look in access stat lstat fstatat readlink realpath getxattr statvfs; do
		local -a command=()

		for use in read write open creat fopen append chmod chown truncate utime \
			unlink remove rename link opendir chdir dlopen execv; do
			command+=("$look" "$N-$use-" "$use" "$N-$use-")
		done
		audit "$STEPS" "${command[@]}" >found
		for use in read write open creat fopen append chmod chown truncate utime \
			unlink remove rename link opendir chdir dlopen execv; do
			grep -q "^check-then-use [a-z]* [a-z]* $N-$use-\$" found ||
				wrong+=" $look,$use"
		done
	done
	assert_equal "$wrong" ""
	for use in read write open chmod unlink; do
		run -0 audit "$STEPS" "$use" "$N"
		refute_output --partial check-then-use
	done
	run -0 audit "$STEPS" access "$N" exclusive "$N" chmod "$N" unlink "$N"
	refute_output --partial check-then-use
}

# -- Where ----------------------------------------------------------------------

@test "other directories that all users share are looked at, too" {
	local dir shared

	for dir in /var/tmp /dev/shm; do
		run -0 audit "$STEPS" fopen "$dir/${N##*/}" unlink "$dir/${N##*/}"
		assert_line "missing-exclusive high fopen $dir/${N##*/}"
	done
	shared=$(scratch)
	run -0 audit env TMPDIR="$shared" "$STEPS" fopen "$shared/x" unlink "$shared/x"
	assert_line "missing-exclusive high fopen $shared/x"
	run -0 audit "$STEPS" fopen "$shared/x" unlink "$shared/x"
	assert_output ""
	run -0 "$PRIVTMP" audit --guard "$shared" -- "$STEPS" fopen "$shared/x" unlink "$shared/x"
	assert_output --partial missing-exclusive
}

@test "relative paths and descriptors lead to the same" {
	cat >script <<-END
		cd /tmp
		echo x >${N#/tmp/}
		echo x >>./../tmp//${N#/tmp/}
		rm ${N#/tmp/}
	END
	run -0 audit bash script
	assert_line "missing-exclusive high open $N"
	[[ $(grep -c missing-exclusive <<<"$output") -eq 2 ]]
}

@test "the place in the code: function, file and line; a script and its line" {
	[[ -x $PRIVTMP_BUILD/tools/where ]] || skip "built without libdw"
	audit "$STEPS" fopen "$N" unlink "$N" >/dev/null
	grep -q '"rule": "missing-exclusive".*"function": "\(stream\|make_fopen\)"' report.json
	readelf -S "$STEPS" | grep -q debug_line || skip "the program has no lines"
	grep -q '"rule": "missing-exclusive".*"file": "[^"]*audit_steps.c", "line": [1-9]' report.json
}

@test "a script's line is told where bash runs it" {
	printf '\n\necho x >%s\n\nrm %s\n' "$N" "$N" >script
	audit bash script >/dev/null
	grep -q '"rule": "missing-exclusive".*"script": "script", "script_line": 3' report.json
	grep -q '"rule": "missing-exclusive".*"script": "script", "script_line": 3' report.json
	# Also of what it tells others to do.
	printf '\n\ntouch %s\n\nrm %s\n' "$N" "$N" >script
	audit bash script >/dev/null
	grep -q '"rule": "missing-exclusive".*"module": "[^"]*touch".*"script": "script", "script_line": 3' report.json
	printf '\n\necho x >%s\n\nrm %s\n' "$N" "$N" >script
	audit dash script >/dev/null
	grep -q '"rule": "missing-exclusive".*"script": "script"' report.json
}

# -- The command ------------------------------------------------------------------

@test "the command's status, output and files are its own" {
	run -7 "$PRIVTMP" audit --output report.txt -- sh -c "echo out; echo x >$N; exit 7"
	assert_output out
	[[ $(<"$N") == x ]]
	rm "$N"
	run -143 "$PRIVTMP" audit --output report.txt -- sh -c 'kill -TERM $$'
	run -127 "$PRIVTMP" audit --output report.txt -- ./nothing
	assert_output --partial "no such command"
}

@test "--fail-on sets the exit status" {
	local least

	for least in note low; do
		run -1 "$PRIVTMP" audit --fail-on "$least" --output report.txt -- \
			"$STEPS" exclusive "$N-%" unlink "$N-%"
	done
	for least in medium high; do
		run -0 "$PRIVTMP" audit --fail-on "$least" --output report.txt -- \
			"$STEPS" exclusive "$N-%" unlink "$N-%"
	done
}

@test "who is started with another environment is audited all the same" {
	run -0 audit env -i "$STEPS" fopen "$N" unlink "$N"
	assert_line "missing-exclusive high fopen $N"
	run -0 audit env -u LD_PRELOAD -u PRIVTMP_TRACE -u PRIVTMP_MODE "$STEPS" fopen "$N" unlink "$N"
	assert_line "missing-exclusive high fopen $N"
	run -0 audit env LD_PRELOAD= "$STEPS" fopen "$N" unlink "$N"
	assert_line "missing-exclusive high fopen $N"
}

@test "a static program is named as not seen" {
	${CC:-cc} -static -o static "$PRIVTMP_SOURCE/tests/progs/run_static.c" ||
		skip "no static program can be built"
	run -0 audit sh -c "./static $N; rm $N"
	assert_output --regexp "not-covered note [a-z]+ ./static"
	run -125 "$PRIVTMP" audit -- ./static "$N"
	assert_output --regexp "statically linked.*; it cannot be audited$"
	run -125 "$PRIVTMP" audit --redirect -- ./static "$N"
	assert_output --regexp "statically linked.*; it cannot be audited$"
}

@test "--redirect: the same is found, and nothing comes into the shared directory" {
	echo "echo secret >$N; cat $N >/dev/null; mkdir $N.d" >script
	run -0 "$PRIVTMP" audit --redirect --format json --output report.json -- bash script
	grep -q '"rule": "missing-exclusive".*"path": "'"$N"'"' report.json
	grep -q '"rule": "leftover".*"path": "'"$N"'".*"size": 7[,}]' report.json
	[[ ! -e $N && ! -e $N.d ]]
	assert_no_session
}

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

@test "--attack=KIND:PATH repeats one, and what follows no link is not accused of it" {
	run -0 "$PRIVTMP" audit "--attack=link:$N" --format json --output report.json -- \
		"$STEPS" fopen "$N" unlink "$N"
	[[ $(grep -c '"proof": "' report.json) -eq 1 ]]
	grep -q 'what it led to was changed' report.json
	run -0 "$PRIVTMP" audit "--attack=link:$N" --format json --output report.json -- \
		"$STEPS" exclusive "$N" unlink "$N"
	run -1 grep -c '"proof": "' report.json
	run -125 "$PRIVTMP" audit --attack=nonsense -- true
	assert_output --partial "is no attack"
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

@test "--unit prints a drop-in by which a service is audited until it stops" {
	local pre stop

	run -0 "$PRIVTMP" audit --unit legacy.service
	assert_line "Environment=PRIVTMP_MODE=audit"
	assert_line "Environment=LD_PRELOAD=$AUDIT_SHIM"
	pre=$(sed -n 's/^ExecStartPre=//p' <<<"$output")
	stop=$(sed -n 's/^ExecStopPost=//p' <<<"$output")
	mkdir privtmp-audit-legacy
	# What systemd would do, twice: the second start adds to the first.
	for _ in 1 2; do
		eval "${pre//%S/$PWD}"
		LD_PRELOAD=$AUDIT_SHIM PRIVTMP_MODE=audit PRIVTMP_TRACE=$PWD/privtmp-audit-legacy/trace \
			"$STEPS" fopen "$N" unlink "$N"
		eval "${stop//%S/$PWD}"
	done
	grep -q "missing-exclusive" privtmp-audit-legacy/report.txt
	grep -q "$N (2 times)" privtmp-audit-legacy/report.txt
	run -125 "$PRIVTMP" audit --unit 'x y'
}

@test "a trace that somebody has written nonsense into is read without harm" {
	"$PRIVTMP" audit --trace "$PWD/trace"
	LD_PRELOAD=$AUDIT_SHIM PRIVTMP_MODE=audit PRIVTMP_TRACE=$PWD/trace \
		"$STEPS" fopen "$N" access "$N" rename "$N" unlink "$N"
	for _ in {1..30}; do
		cp trace bad
		# Past the magic, where numbers and offsets are.
		head -c 4000 /dev/urandom |
			dd of=bad bs=1 seek=$((8 + RANDOM * 300)) conv=notrunc status=none
		head -c 400 /dev/urandom |
			dd of=bad bs=1 seek=$((16 + RANDOM % 64)) conv=notrunc status=none
		run timeout 20 "$PRIVTMP" audit --read bad --output report.txt
		[[ $status -eq 0 || $status -eq 125 ]]
	done
	echo x >bad
	run -125 "$PRIVTMP" audit --read bad
	assert_output --partial "is no trace"
}

# spoil TRACE: write numbers into it that lead far out of it, over and over, as a process of
# another user's could that was forked with it mapped.
spoil() {
	head -c 1048576 /dev/zero | tr '\0' '\377' >ones
	while :; do
		# The slots lie between the records and the texts, at the end.
		dd if=ones of="$1" bs=1M seek=$(($(stat -c %s "$1") - 5242880)) \
			oflag=seek_bytes conv=notrunc status=none
	done
}

@test "a process that is audited is not harmed by what another writes into the trace" {
	"$PRIVTMP" audit --trace "$PWD/trace"
	spoil trace 3>&- &
	run env LD_PRELOAD="$AUDIT_SHIM" PRIVTMP_MODE=audit PRIVTMP_TRACE="$PWD/trace" \
		"$STEPS" many 20000 "$N"
	kill $!
	wait || :
	assert_equal "$status" 0
}

@test "a trace that another user could cut short is neither taken nor written to" {
	((EUID == 0)) || skip "needs root"
	"$PRIVTMP" audit --trace "$PWD/trace"
	chown 65534 trace
	cp trace before
	run -125 "$PRIVTMP" audit --trace "$PWD/trace"
	assert_output --partial "others can write to it"
	LD_PRELOAD=$AUDIT_SHIM PRIVTMP_MODE=audit PRIVTMP_TRACE=$PWD/trace "$STEPS" fopen "$N"
	cmp trace before
}

@test "--output follows no link, and writes no file, that another user has put there" {
	((EUID == 0)) || skip "needs root"
	mkdir -m 1777 shared
	echo precious >target
	echo planted >shared/file
	ln -s "$PWD/target" shared/link
	chown -h 65534 shared/file shared/link
	for name in file link; do
		run -125 "$PRIVTMP" audit --output "shared/$name" true
		assert_output --partial "cannot be written: Permission denied"
	done
	assert_equal "$(cat target shared/file)" $'precious\nplanted'
	ln -s "$PWD/target" own
	"$PRIVTMP" audit --output own true
	grep -q "no findings\|0 findings" target
}

@test "what names places waits for no FIFO, ends no report, and has no rights to change" {
	local where=$PRIVTMP_BUILD/tools/where

	[[ -x $where ]] || skip "built without libdw"
	mkfifo fifo
	run -0 timeout 10 "$where" <<<"$PWD/fifo"$'\t\t10'
	assert_output $'\t\t'
	# Debug information that is said to be in a FIFO: an end, if not soon.
	objcopy --strip-debug --remove-section .gnu_debuglink "$(type -P true)" program
	printf 'fifo\0\0\0\0\1\2\3\4' >'link'
	objcopy --add-section .gnu_debuglink=link program 2>/dev/null || skip "no objcopy"
	run timeout 40 "$where" <<<"$PWD/program"$'\t\t2000'
	[[ $status -ne 124 ]]
	((EUID == 0)) || return 0
	grep -q '^CapPrm:.*[4-7c-f]$' /proc/self/status || return 0
	(sleep 1 && echo && sleep 1) | "$where" &
	sleep 0.5
	run -0 cat /proc/$!/status
	wait || :
	assert_line --regexp '^Uid:.65534.65534.65534.65534$'
	assert_line --regexp '^Cap(Prm|Eff):.0+4$'
}

# -- Many -------------------------------------------------------------------------

@test "a million calls are counts, not lines" {
	run -0 audit "$STEPS" many 500000 "$N"
	grep -q '"calls": 100[0-9]*, "not_counted": 0' report.json
	[[ $(wc -c <report.json) -lt 500000 ]]
}

@test "a forest and its threads are one report, and nothing is lost" {
	run -0 audit "$STEPS" forest 200 "$N"
	grep -q '"calls": 400, "not_counted": 0' report.json
	[[ $(grep -c '"type": "process"' report.json) -eq 201 ]]
	run -0 audit "$STEPS" threads 16 "$N"
	grep -q '"calls": 3200, "not_counted": 0' report.json
	grep -q '"rule": "missing-exclusive"' report.json
}

@test "a process that is killed loses nothing of what it has done" {
	cat >script <<-END
		exec 4< <("$STEPS" wait "$N"; :)
		read -r line <&4
		kill -KILL \$(pgrep -P \$! -x audit_steps || echo \$!)
		wait
		rm $N
	END
	run -0 audit bash script
	assert_line "missing-exclusive high open $N"
}

@test "nothing is left of the trace" {
	local before after

	before=$(find /dev/shm /var/tmp /tmp "${XDG_RUNTIME_DIR:-/dev/shm}" -maxdepth 1 -name 'privtmp-audit-*')
	audit true
	after=$(find /dev/shm /var/tmp /tmp "${XDG_RUNTIME_DIR:-/dev/shm}" -maxdepth 1 -name 'privtmp-audit-*')
	assert_equal "$after" "$before"
}

@test "a call in a watched directory costs two system calls more, and another none" {
	command -v strace >/dev/null || skip "needs strace"
	# calls CASE: how many system calls 1000 of the case's take.
	calls() {
		env LD_PRELOAD="$AUDIT_SHIM" PRIVTMP_MODE=audit PRIVTMP_TRACE="$PWD/trace" \
			strace -o calls "$PROGS/bench" time "$1" 1000 >/dev/null
		wc -l <calls
	}
	"$PRIVTMP" audit --trace "$PWD/trace"
	[[ $(calls access) -lt 1200 ]]
	[[ $(calls access_tmp) -gt 2000 && $(calls access_tmp) -lt 3200 ]]
}

# -- The library ------------------------------------------------------------------

@test "the library for audits exports what the plain one does, and calls by descriptor" {
	exports() { nm -D --defined-only "$1" | awk '{ print $3 }' | sed 's/@.*//' | sort -u; }
	run -1 diff <(exports "$SHIM") <(exports "$AUDIT_SHIM")
	assert_equal "$(grep '^[<>]' <<<"$output" | tr '\n' ' ')" \
		"> __fxstat > __fxstat64 > fchmod > fstat > fstat64 "
}

@test "the plain library has nothing of the trace" {
	run -1 grep -c 'PRIVTMP_TRACE' "$SHIM"
	run -0 grep -c 'PRIVTMP_TRACE' "$AUDIT_SHIM"
}

@test "SARIF leads from the check to the use, by file and line" {
	command -v jq >/dev/null || skip "needs jq"
	[[ -x $PRIVTMP_BUILD/tools/where ]] || skip "this build names no lines"
	${CC:-cc} -D_GNU_SOURCE -g -o program "$PRIVTMP_SOURCE/tests/corpus/c/bad_access_open.c"
	run -0 "$PRIVTMP" audit --format sarif --output report.sarif -- ./program
	run -0 jq -r '[.runs[].results[] | select(.codeFlows) |
		.codeFlows[0].threadFlows[0].locations[].location | "\(.message.text) " +
		(.physicalLocation | "\(.artifactLocation.uri | split("/") | last):" +
			"\(.region.startLine)")] | .[:2] | .[]' report.sarif
	assert_output "access bad_access_open.c:15
open bad_access_open.c:17"
}
