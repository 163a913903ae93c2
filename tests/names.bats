# SPDX-License-Identifier: LGPL-2.1-or-later
# Names for temporary files: they are names in the view, nobody can guess them,
# and all else about the calls is as libc has it.

load common

setup() {
	NAMES=$PROGS/names
	CALLS=(mkstemp mkstemp64 mkostemp mkostemp64 mkstemps mkstemps64
		mkostemps mkostemps64 mkdtemp mktemp)
	NAME=privtmp-names-$$-$RANDOM
}

teardown() {
	rm -rf "/tmp/$NAME"* "/var/tmp/$NAME"*
}

# same ARG...: the program says the same without and with the shim.
same() {
	# With the umask of a test, who is not root could not write to them again.
	rm -f "$BATS_TEST_TMPDIR"/{bare,shimmed}
	"$NAMES" "$@" >"$BATS_TEST_TMPDIR/bare"
	shimmed "$NAMES" "$@" >"$BATS_TEST_TMPDIR/shimmed"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2 ||
		fail "names $* differs under the shim"
}

# same_each: the same for each line of standard input, the arguments of one run;
# the runs of a side share a session.
same_each() {
	local runs=$BATS_TEST_TMPDIR/runs loop

	cat >"$runs"
	# shellcheck disable=SC2016 # expanded by the inner shell
	loop='while read -r arguments; do echo "$arguments:"; "$0" $arguments; done; :'
	sh -c "$loop" "$NAMES" <"$runs" >"$BATS_TEST_TMPDIR/bare"
	shimmed sh -c "$loop" "$NAMES" <"$runs" >"$BATS_TEST_TMPDIR/shimmed"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2 ||
		fail "these names differ under the shim"
}

# in_shared DIR: what is there beside sessions.
in_shared() {
	find "$1" -mindepth 1 -maxdepth 1 ! -name '.privtmp-*'
}

@test "tmpnam's names fit into L_tmpnam bytes and hold 14 random characters" {
	run -0 shimmed "$NAMES" tmpnam
	[[ ${#lines[@]} -eq 3 ]]
	for line in "${lines[@]}"; do
		[[ $line =~ ^/tmp/[0-9A-Za-z]{14}$ ]]
	done
	assert_no_session
}

# Ten million are drawn in long/names.bats.
@test "names are different among threads and processes: no one of 50,000 twice" {
	run -0 shimmed "$NAMES" unique 50000
	assert_output "0 of 50000 drawn twice"
}

@test "each of the 62 characters is as likely as any other" {
	# 20000 names of 14: 4516 of each, give or take six deviations.
	shimmed "$NAMES" many 20000 | cut -c6- | fold -w1 | sort | uniq -c |
		awk '$1 < 4110 || $1 > 4925 { print; bad = 1 }
			END { if (NR != 62) print NR " characters"; exit bad || NR != 62 }'
}

@test "parent and children draw different names after fork" {
	run -0 shimmed "$NAMES" fork
	[[ $(printf '%s\n' "${lines[@]}" | sort -u | wc -l) -eq 4 ]]
}

@test "every maker of files does in the private /tmp what it does in the shared one" {
	for call in "${CALLS[@]}"; do
		same template "$call" /tmp/aXXXXXX
		same template "$call" /var/tmp/aXXXXXX
	done
	clear_tmp /tmp/a?????? /var/tmp/a??????
}

@test "no maker of files leaves a trace in the shared directories" {
	in_shared /tmp >"$BATS_TEST_TMPDIR/before"
	for call in "${CALLS[@]}"; do
		shimmed "$NAMES" template "$call" "/tmp/${NAME}XXXXXX"
		shimmed "$NAMES" template "$call" "/var/tmp/${NAME}XXXXXX"
	done
	shimmed "$NAMES" tmpfile
	[[ -z $(find /tmp /var/tmp -maxdepth 1 -name "$NAME*") ]]
	in_shared /tmp | diff "$BATS_TEST_TMPDIR/before" -
	assert_no_session
}

@test "all X of a template are replaced, not six alone" {
	for call in mkstemp mkdtemp mktemp; do
		run -0 shimmed "$NAMES" template "$call" /tmp/aXXXXXXXXXXXXXXXX
		assert_line 'name: /tmp/a????????????????'
	done
}

@test "elsewhere a template's first X stay, as libc has it" {
	local dir

	dir=$(scratch)
	for call in mkstemp mkdtemp mktemp; do
		run -0 shimmed "$NAMES" template "$call" "$dir/aXXXXXXXX"
		assert_line "name: $dir/aXX??????"
	done
}

@test "templates that libc refuses are refused and left alone" {
	{
		for call in "${CALLS[@]}"; do
			printf "template $call %s\n" /tmp/X /tmp/aXXXXX /tmp/XXXXXXa /tmp/
		done
		for suffix in 1 2 -1 6 7 100; do
			printf "template %s $suffix\n" "mkstemps /tmp/XXXXXXab" \
				"mkostemps64 /tmp/XXXXXXab" "mkstemps /tmp/aXXXXX"
		done
	} | same_each
	for call in "${CALLS[@]}"; do
		same template "$call" ''
	done
	clear_tmp /tmp/??????ab
}

@test "what stands in the way gives the error that it gives to libc" {
	{
		for call in "${CALLS[@]}"; do
			printf "template $call %s\n" /tmp/no/XXXXXX /tmp/../tmp/no/XXXXXX \
				"/tmp/$(printf '%0250d' 0)XXXXXX"
		done
		echo template mkstemps /tmp/XXXXXX/ 1
		echo template mkstemps /tmp/XXXXXX/a 2
	} | same_each
}

@test "mkostemp's flags arrive" {
	for flags in $((02000000)) $((02000)) $((010000)) $((04000)) 1 2 3; do
		echo template mkostemp /tmp/aXXXXXX 0 $flags
		echo template mkostemps64 /tmp/aXXXXXX.c 2 $flags
	done | same_each
	clear_tmp /tmp/a??????{,.c}
}

@test "the umask counts as it does for libc" {
	umask 0277
	same template mkstemp /tmp/aXXXXXX
	same template mkdtemp /tmp/aXXXXXX
	clear_tmp /tmp/a??????
}

@test "a path that climbs into a guarded directory is a name in it" {
	run -0 shimmed "$NAMES" template mkstemp "/usr/../tmp/${NAME}XXXXXX"
	assert_line 'made: mode 100600 owner 0 links 1 size 0' ||
		assert_line "made: mode 100600 owner $(id -u) links 1 size 0"
	[[ -z $(find /tmp -maxdepth 1 -name "$NAME*") ]]
}

# TMPDIR, the directory and the prefix, one set a line; "-" is none.
tempnam_arguments() { # DIR
	local tmpdir dir prefix

	for tmpdir in - "$1" /var/tmp /nowhere /tmp/nowhere; do
		for dir in - "$1" "$1///" /var/tmp /nowhere / /etc/passwd; do
			echo "$tmpdir $dir a"
		done
	done
	for prefix in - abcde abcdefgh; do
		printf "%s %s $prefix\n" - - - "$1" /var/tmp -
	done
}

@test "tempnam takes TMPDIR, the directory and the prefix in libc's order" {
	local dir loop

	dir=$(scratch)
	tempnam_arguments "$dir" >"$BATS_TEST_TMPDIR/runs"
	# shellcheck disable=SC2016 # expanded by the inner shell
	loop='while read -r tmpdir dir prefix; do
		echo "$tmpdir $dir $prefix:"
		TMPDIR=${tmpdir#-} "$0" tempnam "$dir" "$prefix"
	done'
	sh -c "$loop" "$NAMES" <"$BATS_TEST_TMPDIR/runs" >"$BATS_TEST_TMPDIR/bare"
	shimmed sh -c "$loop" "$NAMES" <"$BATS_TEST_TMPDIR/runs" >"$BATS_TEST_TMPDIR/shimmed"
	# Without what is random.
	sed -i -E 's/ [0-9A-Za-z]+$//' "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2 ||
		fail "tempnam's names differ under the shim"
	run -0 grep -c "^/var/tmp/ " "$BATS_TEST_TMPDIR/bare"
	((output > 10))
}

@test "tempnam draws at least 64 bits" {
	run -0 shimmed "$NAMES" tempnam - -
	[[ $output =~ ^/tmp/\ file\ [0-9A-Za-z]{11}$ ]]
	run -0 shimmed "$NAMES" tempnam /var/tmp abcdefg
	[[ $output =~ ^/var/tmp/\ abcde\ [0-9A-Za-z]{11}$ ]]
}

@test "tempnam does not believe in a TMPDIR that is there in the shared /tmp alone" {
	mkdir "/tmp/$NAME"
	# The session makes what TMPDIR names at its start: here it is set later.
	run -0 "$NAMES" tempnam "/tmp/$NAME" -
	assert_output --partial "/tmp/$NAME/ file "
	run -0 shimmed "$NAMES" tempnam "/tmp/$NAME" -
	assert_output --regexp '^/tmp/ file '
}

@test "tmpfile is a nameless file of mode 0600 in the private /tmp" {
	same tmpfile
	same tmpfile 64
	run -0 shimmed "$NAMES" tmpfile
	assert_output 'hello, mode 100600, links 0, in /tmp'
	assert_no_session
}

@test "with /tmp not guarded, its names are libc's" {
	PRIVTMP_GUARD=:/var/tmp run -0 shimmed "$NAMES" tmpnam
	[[ ${lines[0]} =~ ^/tmp/file[0-9A-Za-z]{6}$ ]]
	PRIVTMP_GUARD=:/var/tmp run -0 shimmed "$NAMES" template mkstemp "/tmp/${NAME}XXXXXXX"
	assert_line "name: /tmp/${NAME}X??????"
}

@test "without a session no name is made" {
	PRIVTMP_ROOT=/nowhere run -0 shimmed "$NAMES" template mkstemp /tmp/aXXXXXX
	refute_line --partial 'made: mode'
	PRIVTMP_ROOT=/nowhere run -1 shimmed "$NAMES" many 1
	PRIVTMP_ROOT=/nowhere run -0 shimmed "$NAMES" tempnam /tmp -
	refute_output --partial /tmp/
	PRIVTMP_ROOT=/nowhere run -0 shimmed "$NAMES" tmpfile
	refute_output --partial hello
}
