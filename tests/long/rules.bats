# SPDX-License-Identifier: LGPL-2.1-or-later
# Attacks on the shim itself, each in both ways: on a build that leaves out the rule that it is
# against, where it succeeds, and on the product, where it fails. tests/attacks/rules is run once
# for all; what each attack is stands in tests/attacks/rules.list.

load ../common

rules() {
	timeout -k 5 "${LIMIT:-300}" "$PRIVTMP_SOURCE/tests/attacks/rules" "$@" 3>&-
}

setup_file() {
	local status=0

	export PRIVTMP_HOLES=$PRIVTMP_BUILD-holes
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || return 0
	if [[ $(id -u) -eq 0 ]]; then
		env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL PRIVTMP_BUILD="$PRIVTMP_HOLES" timeout 400 \
			"$PRIVTMP_SOURCE/tools/build" --enable-holes >&2 3>&-
	fi
	rules --tap >"$BATS_FILE_TMPDIR/tap" 2>"$BATS_FILE_TMPDIR/err" || status=$?
	echo "$status" >"$BATS_FILE_TMPDIR/status"
}

setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "no such world under the sanitizers"
	[[ $(<"$BATS_FILE_TMPDIR/status") != 77 ]] || skip "$(<"$BATS_FILE_TMPDIR/err")"
}

# attack NAME: it succeeds without the rule, if there is a single one, and fails with it.
attack() {
	local line

	line=$(grep -E "^(not )?ok [0-9]+ - $1: " "$BATS_FILE_TMPDIR/tap") ||
		fail "not made: $(cat "$BATS_FILE_TMPDIR/err")"
	[[ $line == ok* ]] ||
		sed -nE "/^not ok [0-9]+ - $1: /,/^(not )?ok /p" "$BATS_FILE_TMPDIR/tap" | fail
	[[ $line == *': succeeds -> fails' || $line == *': - -> fails' ]]
}

@test "a worker that was taken over does not rewrite the lease" { attack lease-by-name; }
@test "nor does one that inherits its descriptor, without the shim" { attack lease-inherited; }
@test "nor by its own mapping" { attack lease-mapped; }
@test "nor does it make links lead to the shared directory" { attack hints; }
@test "nobody has planted a root before it is made" { attack name-planted; }
@test "a root that a cleaner removed is of no use to who makes it again" { attack root-made-again; }
@test "the caller of a set-user-ID program is not let in by seteuid" { attack caller-seteuid; }
@test "nor by setresuid" { attack caller-setresuid; }
@test "nor by setreuid" { attack caller-setreuid; }
@test "nor by setfsuid" { attack caller-setfsuid; }
@test "nor by setuid" { attack caller-saved; }
@test "nor by setresuid by its number" { attack caller-number; }
@test "nor by setfsuid by its number" { attack caller-number-fs; }
@test "nobody is let in by a default ACL of the directory above" { attack acl-inherited; }
@test "who was let in for a while is locked out again" { attack given-up; }
@test "a root that others can reach is not joined" { attack root-open; }
@test "nobody waits for a user that was let in and holds the lock" { attack lock-shared; }
@test "nor one that holds the other kind of lock" { attack lock-description; }
@test "nor one that is stopped while it holds it" { attack lock-stopped; }
@test "nor one that is stopped with the other kind" { attack lock-fcntl-stopped; }
@test "nor one that gets it for itself alone" { attack lock-exclusive; }
@test "nor one that takes it again and again" { attack lock-spinning; }
@test "nor one that has linked the lease elsewhere" { attack lease-linked; }
@test "a set-user-ID program does not believe its caller's settings" { attack told-mode; }
@test "nor joins the session that its caller names" { attack told-session; }
@test "nor does what it starts believe PRIVTMP_MODE" { attack child-mode; }
@test "nor PRIVTMP_SHARE" { attack child-share; }
@test "nor the name of an agent" { attack child-agents; }
@test "nor PRIVTMP_ROOT" { attack child-root; }
@test "what it executes as its caller learns nothing of the session" { attack caller-told; }
@test "what it makes as its caller is not what it uses as root" { attack lent; }
@test "its caller cannot kill its helper" { attack helper-killed; }
@test "a stranger's session is not joined by its name" { attack planted-session; }
@test "nor by its lease's descriptor" { attack planted-lease; }
@test "nor by any other form of the name, nor by links" { attack planted-forms; }
@test "no root is made where a stranger owns a directory above" { attack parent-owned; }
@test "nor where a group can write above" { attack parent-of-group; }
@test "nor where all can, and it is not sticky" { attack parent-open; }
@test "nor where a stranger's link is on the way" { attack parent-link; }
@test "no thread reaches the shared directory while another makes the session" { attack made-slowly; }
@test "no shell tries for ever while signals disturb the making of a session" { attack interrupted; }
@test "no program crashes by a root that is too long" { attack root-long; }

@test "every attack of the list is tested here, and every hole is in the list" {
	local hole

	[[ $(grep -rhoE "HOLE\([a-z_]+\)" "$PRIVTMP_SOURCE"/shim --include="*.c" | wc -l) -gt 15 ]]
	diff <(sed -nE 's/^@test .* \{ attack ([a-z-]+); \}$/\1/p' "$BATS_TEST_FILENAME" | sort) \
		<(grep -E '^[a-z]' "$PRIVTMP_SOURCE/tests/attacks/rules.list" | cut -d' ' -f1 | sort)
	while read -r hole; do
		hole=${hole#HOLE(}
		grep -qE "^[a-z-]+ ([a-z_]+,)*${hole%)}[, ]" "$PRIVTMP_SOURCE/tests/attacks/rules.list" ||
			fail "no attack shows what $hole is for"
	done < <(grep -rhoE 'HOLE\([a-z_]+\)' "$PRIVTMP_SOURCE"/shim --include='*.c' | sort -u)
}

@test "a build that leaves out nothing is not taken for one with holes" {
	PRIVTMP_HOLES=$PRIVTMP_BUILD LIMIT=60 run -1 rules --tap planted-session
	assert_line 'not ok 1 - planted-session: fails -> fails'
}

@test "the product can be attacked alone, without another build" {
	PRIVTMP_HOLES=/nowhere LIMIT=60 run -0 rules --product --tap planted-session
	assert_line 'ok 1 - planted-session: - -> fails'
}

@test "the attacks leave nothing behind" {
	run find /dev/shm /tmp /var/tmp -maxdepth 1 -name 'privtmp-rules.*'
	assert_output ''
	run pgrep -u "$TEST_UID,$OTHER_UID" -f "$PRIVTMP_BUILD/tests/progs/attack_shim"
	assert_output ''
}

@test "a wrong option or an unknown attack is a usage error" {
	run -2 rules --no-such-option
	run -2 rules no-such-attack
	run -0 rules --help
	assert_output --partial 'Usage: tests/attacks/rules'
	run -0 rules --list
	assert_line --partial 'planted-session owner'
}
