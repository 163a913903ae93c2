#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What privtmp audit finds, and what it does not; by progs/audit_steps, whose calls are known.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded elsewhere; subshells

load common
load audit

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

@test "what mktemp(1) draws is no predictable name, though it reads as a word" {
	cp "$STEPS" mktemp
	run -0 audit ./mktemp exclusive "$N.^" unlink "$N.^"
	assert_output ""
	run -0 audit "$STEPS" exclusive "$N.^" unlink "$N.^"
	assert_output "predictable-name low open $N.Gbnuhuasyt"
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
