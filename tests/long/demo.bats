# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/demo as a test: it is run once, and each of its rows is a test of its own. An attack that
# the kernel of this machine refuses by itself, or a program that is not there, is a skip. Then
# the demo itself is tested: it must not call anything safe that is not.

load ../common

setup_file() {
	local status=0

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || return 0
	ls -d /dev/shm/privtmp-demo.* >"$BATS_FILE_TMPDIR/before" 2>/dev/null || :
	timeout -k 5 200 "$PRIVTMP_SOURCE/tools/demo" --tap >"$BATS_FILE_TMPDIR/tap" \
		2>"$BATS_FILE_TMPDIR/err" 3>&- || status=$?
	echo "$status" >"$BATS_FILE_TMPDIR/status"
}

# The victims' environment is the demo's doing, and names no sanitizer to be loaded first.
setup() {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "no demo under the sanitizers"
}

demo() {
	timeout -k 5 60 "$PRIVTMP_SOURCE/tools/demo" "$@" 3>&-
}

# row NAME EFFECT: the row's line says that the attack had this effect without privtmp, and none
# with it.
row() {
	local lines line
	lines=$(sed -nE "/^(not )?ok [0-9]+ - $1: /,/^[^#]/p" "$BATS_FILE_TMPDIR/tap")
	line=${lines%%$'\n'*}
	[[ -n $line ]] || fail "no line for $1: $(cat "$BATS_FILE_TMPDIR/err")"
	[[ $line == "ok "* ]] || fail "$lines"
	[[ $line != *'# SKIP '* ]] || skip "${line##*# SKIP }"
	[[ $line == *": without: $2; with privtmp: safe" ]] || fail "$line"
}

# launcher LINE...: a stand-in for privtmp, for the demo to judge. "$@" is the victim.
launcher() {
	mkdir -p "$BATS_TEST_TMPDIR/tools"
	chmod a+x "$BATS_TEST_TMPDIR"
	PRIVTMP=$BATS_TEST_TMPDIR/tools/privtmp
	printf '%s\n' '#!/bin/sh' 'shift 2' "$@" >"$PRIVTMP"
	chmod 755 "$PRIVTMP"
}

@test "check, then open, in C: no file is made in the victim's home through a planted link" {
	row check-c 'file made in home'
}

@test "check, then open, in Python: a planted cache is not believed" {
	row check-python 'data forged'
}

@test "check, then open, in Perl: no file is made in the victim's home through a planted link" {
	row check-perl 'file made in home'
}

@test "check, then open, in shell: planted settings are not executed" {
	row check-shell 'code executed'
}

@test "tmpnam, then open, in C: a name seen in /proc is of no use" {
	row tmpnam-c 'file overwritten'
}

@test "tempnam, then open, in C: one file's name does not foretell the other's" {
	row tmpnam-tempnam-c 'file overwritten'
}

@test "mktemp, then open twice, in C: nobody can get in between" {
	row tmpnam-mktemp-c 'file overwritten'
}

@test "mktemp, then open, in Python: one file's name does not foretell the other's" {
	row tmpnam-python 'file overwritten'
}

@test "mktemp, then open, in Perl: a name seen in /proc is of no use" {
	row tmpnam-perl 'file overwritten'
}

@test "mktemp, rm, then open, in shell: nobody can get in between" {
	row tmpnam-shell 'file overwritten'
}

@test "a name from the pid, in C: links planted for all pids to come are not followed" {
	row pid-c 'file overwritten'
}

@test "a name from the pid, in Python: files planted for all pids to come get no secret" {
	row pid-python 'secret read'
}

@test "a name from the pid, in Perl: links planted for all pids to come are not followed" {
	row pid-perl 'file overwritten'
}

@test "a name from the pid, in shell: FIFOs planted for all pids to come get no secret" {
	row pid-shell 'secret read'
}

@test "a directory open to all, in C: nobody replaces a file in it" {
	row dir-c 'data forged'
}

@test "a directory that may exist already, in Python: its first owner reads nothing" {
	row dir-python 'secret read'
}

@test "a directory open to all, in Perl: nobody plants a link in it" {
	row dir-perl 'file overwritten'
}

@test "a directory open to all, in shell: nobody replaces a script in it" {
	row dir-shell 'code executed'
}

@test "left behind by a SIGKILL, in C: nothing to read" {
	row leftover-c 'secret read'
}

@test "left behind by an exception, in Python: nothing to read" {
	row leftover-python 'secret read'
}

@test "left behind by die() in /var/tmp, in Perl: nothing to read" {
	row leftover-perl 'secret read'
}

@test "left behind by a script without a trap: nothing to read" {
	row leftover-shell 'secret read'
}

@test "arj makes no file in the victim's home through a planted link" {
	row real-arj 'file made in home'
}

@test "each row of the demo is tested here" {
	local tested
	tested=$(sed -nE 's/^\trow ([a-z-]+) .*/\1/p' "$BATS_TEST_FILENAME")
	run -0 demo --list
	assert_equal "$(cut -d' ' -f1 <<<"$output")" "$tested"
	assert_equal "$(head -n 1 "$BATS_FILE_TMPDIR/tap")" "1..$(wc -l <<<"$tested")"
}

@test "the demo as a whole succeeds, without a word on standard error" {
	assert_equal "$(cat "$BATS_FILE_TMPDIR/err")" ''
	assert_equal "$(cat "$BATS_FILE_TMPDIR/status")" 0
}

@test "the demo leaves nothing behind" {
	run ls -d /dev/shm/privtmp-demo.*
	assert_equal "$(grep '^/' <<<"$output")" "$(cat "$BATS_FILE_TMPDIR/before")"
	run find /tmp /var/tmp -maxdepth 1 -name 'demo-*'
	assert_output ''
}

@test "the table has a line a row and no colours where there is no terminal" {
	run -0 demo --only check-python --only dir-c
	assert_line --regexp '^PATTERN +VICTIM +ATTACK +WITHOUT PRIVTMP +WITH PRIVTMP$'
	assert_line --regexp '^check, then open +Python +plants a file +data forged +safe$'
	assert_line --regexp '^dir. open to all +C +inotify: .* +data forged +safe$'
	assert_line --partial '2 of 2 attacks succeeded without privtmp and failed with it.'
	refute_output --partial $'\e'
}

@test "a launcher that protects nothing is found out" {
	launcher 'exec "$@"'
	run -1 demo --tap --only check-python --only dir-perl --only leftover-shell
	assert_line 'not ok 1 - check-python: without: data forged; with privtmp: NOT SAFE: data forged'
	assert_line 'not ok 2 - dir-perl: without: file overwritten; with privtmp: NOT SAFE: file overwritten'
	assert_line 'not ok 3 - leftover-shell: without: secret read; with privtmp: NOT SAFE: secret read'
}

@test "a launcher under which the victim does not do its work is found out" {
	launcher 'exit 125'
	run -1 demo --tap --only check-python
	assert_line 'not ok 1 - check-python: without: data forged; with privtmp: VICTIM BROKEN'
	assert_line '# exit status 125, at home:'
}

@test "a launcher that leaves something in /tmp is found out" {
	local mounts='mount -t tmpfs t /tmp && exec "$@"'
	unshare --mount --user --map-root-user true 2>/dev/null || skip "needs user namespaces"
	# shellcheck disable=SC2016 # expanded by the launcher
	launcher "unshare --mount --user --map-root-user sh -c '$mounts' sh \"\$@\"" \
		'status=$?' 'mkdir -p /tmp/.privtmp-left' 'exit $status'
	run -1 demo --tap --only check-python
	assert_line 'not ok 1 - check-python: without: data forged; with privtmp: LEFT: /tmp/.privtmp-left'
}

# copy: a demo of one's own, with nothing built beside it.
copy() {
	mkdir -p "$BATS_TEST_TMPDIR/copy/tools" "$BATS_TEST_TMPDIR/copy/tests"
	cp "$PRIVTMP_SOURCE/tools/demo" "$BATS_TEST_TMPDIR/copy/tools"
	cp -R "$PRIVTMP_SOURCE/tests/demo" "$BATS_TEST_TMPDIR/copy/tests"
	PRIVTMP_SOURCE=$BATS_TEST_TMPDIR/copy
}

@test "where nobody attacked, nothing is called safe" {
	copy
	echo 'exit 1' >"$PRIVTMP_SOURCE/tests/demo/attacks/plant.sh"
	run -1 demo --tap --only check-python
	assert_line 'not ok 1 - check-python: without: NO EFFECT; with privtmp: NOT ATTACKED'
}

@test "without a launcher nothing is called safe" {
	[[ ! -x /usr/bin/privtmp && ! -x /bin/privtmp ]] || skip "privtmp is installed"
	copy
	PATH=/usr/bin:/bin PRIVTMP='' run -1 demo --tap --only check-python
	assert_line 'not ok 1 - check-python: without: data forged; with privtmp: not built'
}

@test "where the kernel refuses an attack by itself, the demo says so and shows the other half" {
	[[ $(id -u) == 0 ]] || skip "needs root, to have a second user"
	# The kernel's own setting stays what it is: only this test's view of it is another.
	echo 1 >"$BATS_TEST_TMPDIR/one"
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 unshare --mount --propagation private sh -c '
		mount --bind "$1" /proc/sys/fs/protected_symlinks && shift && exec "$@"' sh \
		"$BATS_TEST_TMPDIR/one" timeout 60 "$PRIVTMP_SOURCE/tools/demo" --tap --only check 3>&-
	assert_line 'ok 1 - check-c: without: the kernel refuses; with privtmp: safe # SKIP fs.protected_symlinks is set'
	assert_line 'ok 2 - check-python: without: data forged; with privtmp: safe'
}

@test "victims and attackers compile without a warning" {
	local file
	for file in "$PRIVTMP_SOURCE"/tests/demo/*/*.c; do
		run -0 cc -std=gnu11 -Wall -Wextra -Wshadow -Wconversion -Werror -O1 -S -o /dev/null "$file"
	done
}

@test "a wrong option or an unknown row is a usage error" {
	run -2 demo --no-such-option
	assert_output --partial '--no-such-option'
	run -2 demo --only no-such-row
	assert_output --partial 'no-such-row'
	run -2 demo --only
	run -0 demo --help
	assert_output --partial '--only PATTERN'
}
