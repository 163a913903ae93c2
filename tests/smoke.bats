# SPDX-License-Identifier: LGPL-2.1-or-later
# The promise in its shortest form; also what every other compiler's build must
# keep ("tools/check --all").

load common

setup() {
	NAME=privtmp-smoke-$$-$RANDOM
}

teardown() {
	rm -f "/tmp/$NAME" "/var/tmp/$NAME"
}

@test "without the shim, a file in /tmp is there for all to see and stays" {
	run -0 "$PROGS/smoke" "/tmp/$NAME"
	[[ -e /tmp/$NAME ]]
}

@test "with the shim, a file in /tmp never shows and is gone with the program" {
	run -0 shimmed "$PROGS/smoke" "/tmp/$NAME"
	[[ $output =~ ^[0-9]+$ ]]
	[[ ! -e /tmp/$NAME ]]
	assert_no_session
}

@test "the same holds for /var/tmp" {
	run -0 shimmed "$PROGS/smoke" "/var/tmp/$NAME"
	[[ ! -e /var/tmp/$NAME ]]
	assert_no_session
}

@test "a path leads on through a guarded directory that has not been used yet" {
	run -0 shimmed "$PROGS/smoke" "/var/tmp/../../tmp/$NAME"
	run -0 shimmed "$PROGS/smoke" "/tmp/../var/tmp/$NAME"
	[[ ! -e /tmp/$NAME && ! -e /var/tmp/$NAME ]]
	assert_no_session
}

@test "a file that others put into /tmp is not the program's" {
	echo planted >"/tmp/$NAME"
	run -0 shimmed "$PROGS/smoke" "/tmp/$NAME"
	run -0 cat "/tmp/$NAME"
	assert_output planted
}

@test "files elsewhere are what they were" {
	local dir

	dir=$(scratch)
	# An emulated 32-bit readdir cannot tell of every file system's entries.
	"$PROGS/smoke" "$dir/bare" || skip "the program fails there without the shim, too"
	run -0 shimmed "$PROGS/smoke" "$dir/file"
	assert_output "$(stat -c %i "$dir/file")"
	assert_no_session
}

@test "launched by privtmp run, a file in /tmp never shows" {
	run -0 "$PRIVTMP" run -- "$PROGS/smoke" "/tmp/$NAME"
	[[ $output =~ ^[0-9]+$ ]]
	[[ ! -e /tmp/$NAME ]]
	assert_no_session 0
}

@test "the helper and the mount door start, however they are linked" {
	local program

	for program in "$REAPER" "$PRIVTMP_BUILD/tools/privtmp-door"; do
		run "$program" </dev/null
		((status < 128)) # no signal
	done
}
