# SPDX-License-Identifier: LGPL-2.1-or-later
# Every attack on every careless use of /tmp: tests/attacks/matrix is run once, and each of its
# rows is a test of its own, which names the cells that are not as cells.list has them. What an
# attack does without the shim is looked at as well: one that achieves nothing shows nothing.
#
# The environment of set-user-ID programs is secure.bats's; more planted sessions are in
# bad-weather.bats, and victims in other languages in demo.bats.

load ../common

PATTERNS=(check tmpnam mktemp pid dir leftover right)

matrix() {
	timeout -k 5 "${LIMIT:-300}" "$PRIVTMP_SOURCE/tests/attacks/matrix" "$@" 3>&-
}

setup_file() {
	local status=0

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || return 0
	matrix --tap >"$BATS_FILE_TMPDIR/tap" 2>"$BATS_FILE_TMPDIR/err" || status=$?
	echo "$status" >"$BATS_FILE_TMPDIR/status"
}

# The victims' environment is the stage's doing, and names no sanitizer to be loaded first.
setup() {
	CELLS=$PRIVTMP_SOURCE/tests/attacks/cells.list
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "no stage under the sanitizers"
	[[ $(<"$BATS_FILE_TMPDIR/status") != 77 ]] || skip "$(<"$BATS_FILE_TMPDIR/err")"
}

# row ATTACK: each of its cells is as expected.
row() {
	local cells bad

	cells=$(grep -E "^(not )?ok [0-9]+ - $1 " "$BATS_FILE_TMPDIR/tap") ||
		fail "no cells: $(cat "$BATS_FILE_TMPDIR/err")"
	if bad=$(grep '^not ok' <<<"$cells"); then
		{
			echo "$bad"
			sed -nE "/^not ok [0-9]+ - $1 /,/^(not )?ok /p" "$BATS_FILE_TMPDIR/tap" | grep '^#'
		} | fail
	fi
	assert_equal "$(wc -l <<<"$cells")" "${#PATTERNS[@]}"
	[[ $cells != *'# SKIP '* ]] ||
		skip "${cells##*# SKIP }: with the shim all is safe, without it the kernel refuses"
}

@test "a planted symbolic link leads nobody into another's home" { row symlink; }
@test "a planted hard link does not get a file overwritten" { row hardlink; }
@test "a planted file is not believed, and gets no secret" { row file; }
@test "a planted FIFO is not believed, and gets no secret" { row fifo; }
@test "a planted directory is not in the way, and nothing is put into it" { row directory; }
@test "a link made between check and use, at names seen by inotify, is not followed" { row race; }
@test "what is removed nobody else makes anew" { row recreate; }
@test "nothing can be read, during or after" { row read; }
@test "nothing can be read by guessing names" { row guess; }
@test "what /proc tells of another user's process is of no use" { row proc; }
@test "what systemd-tmpfiles cleans, by our rules, nobody else makes anew" { row cleaner; }
@test "a cleaner without rules takes old files, but never a root for others to make" { row ageing; }
@test "a full /tmp makes calls fail with one line, and nothing planted is written to" { row space; }
@test "a /tmp without inodes makes calls fail with one line, and the same" { row inodes; }
@test "a /tmp that is filled later on makes calls fail, and nothing planted is written to" { row late; }
@test "a TMPDIR of the attacker's in /tmp is a private one" { row tmpdir-in; }
@test "a TMPDIR of the attacker's elsewhere is not used" { row tmpdir-out; }
@test "a planted session is not joined, though one's own like it is" { row session; }
@test "a planted session is not joined by its lease's descriptor either" { row lease; }

@test "the matrix as a whole is as expected, without a word on standard error" {
	assert_equal "$(<"$BATS_FILE_TMPDIR/err")" ''
	assert_equal "$(<"$BATS_FILE_TMPDIR/status")" 0
}

@test "every pattern meets every attack, and every attack is tested here" {
	local attacks attack pattern

	attacks=$(sed -nE 's/^@test .* \{ row ([a-z-]+); \}$/\1/p' "$BATS_TEST_FILENAME")
	for attack in $attacks; do
		for pattern in "${PATTERNS[@]}"; do
			echo "$attack $pattern"
		done
	done | sort >"$BATS_TEST_TMPDIR/all"
	diff "$BATS_TEST_TMPDIR/all" <(grep -E '^[a-z]' "$CELLS" | cut -d' ' -f1,2 | sort)
}

@test "where an attack does not apply, the list says why" {
	local bare

	run -1 grep -E '^[a-z-]+ [a-z]+ none [a-z]+ *$' "$CELLS"
	# And not where it need not: each attack achieves something somewhere, but for tidy use.
	bare=$(grep -E '^[a-z]' "$CELLS" | grep -v ' right ' | awk '
		{ n[$1] += 1; none[$1] += $3 == "none" }
		END { for (a in n) if (n[a] == none[a]) print a }')
	assert_equal "$bare" ''
}

@test "the right use holds against all but who takes the disk, or is the same user" {
	run -1 grep -E '^(symlink|hardlink|file|fifo|directory|race|recreate|read|guess|proc|cleaner|ageing|tmpdir-in|tmpdir-out) right [^n]' "$CELLS"
	run -0 grep -cE '^(space|inodes|late) right denied ' "$CELLS"
	assert_output 3
}

@test "with the shim nothing but safety, or a failed call, is ever expected" {
	run -1 grep -vE '^(#|$|[a-z-]+ [a-z]+ [a-z,]+ (safe|told/closed|closed|denied)( |$))' "$CELLS"
	# A call fails by itself only where the disk is full, or the file was cleaned away.
	run -1 grep -E '^(sym|hard|fi|dir|race|rec|read|guess|proc|clean|tmpdir-in|sess|lease).* (told|closed|denied)$' "$CELLS"
}

@test "a library that protects nothing is found out" {
	LIMIT=60 run -1 matrix --tap --shim - file proc
	assert_line --partial 'file check: read,forged -> UNSAFE:read,forged (expected: read,forged -> safe)'
	assert_line --partial 'proc tmpnam: read -> UNSAFE:read (expected: read -> safe)'
	# Where nothing can happen, it has not been shown that it is prevented.
	assert_line --partial 'file right: none -> NOT-ATTACKED'
}

@test "the table has a row an attack and a column a pattern" {
	LIMIT=60 run -0 matrix directory
	assert_line --regexp '^ATTACK +CHECK +TMPNAM +MKTEMP +PID +DIR +LEFTOVER +RIGHT'
	assert_line --regexp '^directory +denied -> safe +denied -> safe +denied .* read -> safe .* none -> safe +$'
}

@test "the matrix leaves nothing behind" {
	run find /dev/shm /tmp /var/tmp -maxdepth 1 \( -name 'privtmp-matrix.*' -o -name 'att-*' \)
	assert_output ''
	run pgrep -u "$TEST_UID,$OTHER_UID" -f 'attack_|privtmp-reaper'
	assert_output ''
}

@test "victim, attacker and stage compile without a warning" {
	local file

	for file in victim attacker stage; do
		run -0 cc -D_GNU_SOURCE -std=gnu11 -Wall -Wextra -Wshadow -Wconversion -Werror -O1 -S \
			-o /dev/null "$PRIVTMP_SOURCE/tests/progs/attack_$file.c"
	done
}

@test "a wrong option or an unknown attack is a usage error" {
	run -2 matrix --no-such-option
	run -2 matrix no-such-attack
	run -2 matrix --shim
	run -0 matrix --help
	assert_output --partial 'Usage: tests/attacks/matrix'
}
