#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The layers of shim/, what the linker script picks by name, and what sources look like.
#
# shellcheck disable=SC2013,SC2016,SC2046 # lists of words; awk expands

load common

# A folder may include from itself and from those before it; gen's headers from any.
LAYERS=(core policy session route trace wrap syscall audit)

@test "a folder of the shim includes only what lies below it" {
	cd "$PRIVTMP_SOURCE/shim"
	run -0 awk -v order="${LAYERS[*]}" '
		BEGIN { n = split(order, name, " "); for (i = 1; i <= n; i++) rank[name[i]] = i }
		/^#[ \t]*include "/ {
			split(FILENAME, at, "/")
			split($0, quoted, "\"")
			split(quoted[2], to, "/")
			seen++
			if (to[1] == "gen")
				next
			if (!(to[1] in rank) || rank[to[1]] > rank[at[1]])
				print FILENAME ": " $0
		}
		END { if (seen < 100) print "only " seen " includes were found" }' \
		$(printf "%s/*.[ch] " "${LAYERS[@]}")
	assert_output ""
}

@test "of the folder session others include what its header says, and no more" {
	cd "$PRIVTMP_SOURCE/shim"
	sed -n '/Other folders of the shim may use/,/;/p' session/session.h |
		grep -o '[a-z_]*\.h' | sort >"$BATS_TEST_TMPDIR/said"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/said") -gt 8 ]]
	run -0 bash -c "grep -ho '\"session/[a-z_]*\.h\"' route/*.[ch] trace/*.[ch] wrap/*.[ch] \
		syscall/*.[ch] audit/*.[ch] | sed 's,.*/\(.*\)\",\1,' | sort -u | grep -vx session.h |
		diff '$BATS_TEST_TMPDIR/said' -"
	assert_output ""
}

@test "a file of each name that the linker script picks is in the library" {
	local name

	cd "$PRIVTMP_BUILD/shim"
	run -0 sed -n 's/^.*\*-\([a-z_0-9]*\)\.o(.*/\1/p' "$PRIVTMP_SOURCE/shim/gen/layout.ld"
	[[ ${#lines[@]} -gt 10 ]]
	for name in "${lines[@]}"; do
		compgen -G "*/.libs/*-$name.o" || fail "layout.ld names no file: $name"
	done
}

# Each source file, but for what is made.
sources() {
	cd "$PRIVTMP_SOURCE" || return
	find shim tools tests -name '*.[ch]' |
		grep -v '^shim/gen/\(calls\|covered\|gates\|have\|trace_calls\|traced\|versions\)\.[ch]$' | sort
}

@test "a source file is at most 600 lines long, with tabs, and no blank at a line's end" {
	sources >"$BATS_TEST_TMPDIR/sources"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/sources") -gt 150 ]]
	cd "$PRIVTMP_SOURCE"
	run -0 xargs awk '
		FNR == 601 { print FILENAME ": more than 600 lines" }
		/[ \t]$/ { print FILENAME ":" FNR ": a blank at the end" }
		/^        / { print FILENAME ":" FNR ": blanks for a tab" }
		length($0) > 100 && FILENAME !~ /^tests/ { print FILENAME ":" FNR ": longer than 100" }' <"$BATS_TEST_TMPDIR/sources"
	assert_output ""
}

@test "what reports a failed call of a tool says what to do about it" {
	cd "$PRIVTMP_SOURCE"
	run -1 grep -nE '(errno|error|ret|-ENO[A-Z]+), NULL\)' tools/*.c tools/audit/*.c
	assert_output ""
}

@test "a test file is at most 600 lines long" {
	cd "$PRIVTMP_SOURCE/tests"
	run -0 awk 'FNR == 601 { print FILENAME ": more than 600 lines" }' ./*.bats ./*.bash long/*
	assert_output ""
}

@test "a header has a name of its own, and one that others do not have" {
	cd "$PRIVTMP_SOURCE"
	run -0 bash -c "sed -n 's/^#ifndef \(PRIVTMP_[A-Z0-9_]*_H\)\$/\1/p' shim/*/*.h tools/*.h tools/*/*.h |
		sort | uniq -d"
	assert_output ""
	[[ $(grep -l '^#ifndef PRIVTMP_.*_H$' shim/*/*.h | wc -l) -gt 30 ]]
}

# A prefix with a "*" is for all files whose names begin so; wrap has a file a family.
# Else what they excuse is another mistake than the one that was looked at.
@test "what mutants.equal quotes of a source is there" {
	local line file code

	cd "$PRIVTMP_SOURCE"
	run -0 grep -E '^[^#[:space:]]+\.c ' tests/mutants.equal
	[[ ${#lines[@]} -gt 100 ]]
	for line in "${lines[@]}"; do
		file=${line%% *}
		code=${line#*: * -> * | }
		tr -s ' \t\n' ' ' <"$file" | grep -qF -- "${code% #[0-9]}" || echo "$line"
	done >"$BATS_TEST_TMPDIR/gone"
	run -0 cat "$BATS_TEST_TMPDIR/gone"
	assert_output ""
}

@test "HACKING has each file of the shim and of the tools in its room" {
	local folder

	cd "$PRIVTMP_SOURCE"
	for folder in shim/{core,policy,session,route,trace,syscall,audit} tools tools/{door,audit,binary}; do
		awk -v folder="$folder" '
			FNR == NR && /^    (shim|tools|packaging)/ { on = $1 == folder }
			FNR == NR && on { text = text " " $0 }
			FNR == NR { next }
			FNR == 1 && !text { print folder ": has no lines" }
			{
				name = base = $0
				sub(/.*\//, "", base)
				sub(/\.[ch]$/, "", base)
				for (n = length(base); n > 0 && !index(text, substr(base, 1, n) "*"); n--)
					;
				if (!n && (text " ") !~ ("[^a-z_]" base "[^a-z_]"))
					print name
			}' HACKING <(ls "$folder"/*.[ch])
	done >"$BATS_TEST_TMPDIR/missing"
	run -0 cat "$BATS_TEST_TMPDIR/missing"
	assert_output ""
}

@test "tests/README has a line about each test file and each helper of the suite" {
	local name path

	cd "$PRIVTMP_SOURCE/tests"
	for path in *.bats long/*.bats *.bash long/*.bash; do
		name=${path#long/}
		[[ $name != real-*.bats ]] || name='real-*.bats'
		grep -qE "(^|[ ,/])${name//\*/\\*}([ ,;]|\$)" README ||
			fail "tests/README says nothing about $path: give it a line there"
	done
	for name in $(sed -n 's/^\([a-z_]*\)() {.*/\1/p' ./*.bash); do
		case $name in setup | setup_file | teardown) continue ;; esac
		grep -qw "$name" README ||
			fail "tests/README says nothing about $name, which the suite's files use"
	done
}
