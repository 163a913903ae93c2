# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # bats' variables
#
# each_function EVERY FIRST WHICH [NAME]: the functions of calls.def ("plain") or of every.list
# ("by-hand"), or that of this name alone, with the paths that progs/every has. In each EVERYth
# of these calls, from number FIRST on, each system call fails in turn. Then the function does what it does without, or fails:
# with an errno, all descriptors, signals, umask and directory as before, and DIR, too. It
# never comes to the shared directory, where other files have the same names. EVERY may be
# "place", with FIRST "once": each place in the shim that makes a system call has it fail, once.
each_function() {
	local dir=/tmp/privtmp-every-$$-$RANDOM which=("$1" "$2")

	[[ $1 != place ]] || which=(place)
	if [[ $3 == plain ]]; then
		awk -v "have=$PRIVTMP_BUILD/shim/gen/have.txt" \
			-f "$PRIVTMP_SOURCE/shim/gen/rows.awk" -f "$PRIVTMP_SOURCE/tests/every.awk" \
			"$PRIVTMP_SOURCE/shim/wrap/calls.def"
	else
		# What modules of libc's, which are others', leave behind is theirs.
		grep -vE '^(#|i?ruserok|gethost|getaddrinfo)' "$PRIVTMP_SOURCE/tests/every.list"
	fi | grep "^${4:-.*} " >"$BATS_TEST_TMPDIR/functions"
	mkdir -p "$dir"/{dir,full}
	echo planted | tee "$dir"/{file,full/file,link,link-2,none,none-2,dangling} >/dev/null
	shared_now >"$BATS_TEST_TMPDIR/before"
	run env TZ=":$dir/zone" DATEMSK="$dir/dates" GETCONF_DIR="$dir" HOSTALIASES="$dir/file" \
		LD_PRELOAD="$SHIM" "$PROGS/every" "$dir" "${which[@]}" \
		<"$BATS_TEST_TMPDIR/functions" 2>/dev/null
	[[ $status -ne 77 ]] || skip "faults cannot be made on this machine"
	[[ $status -eq 0 ]] || fail "$(cut -c 1-600 <<<"$output" | head -n 40)"
	assert_output --regexp '[0-9]{2,} faults, 0 problems$'
	shared_now | diff "$BATS_TEST_TMPDIR/before" - >&2
	rm -rf "$dir"
	assert_no_session
}

# All in the shared directories, but for sessions.
shared_now() {
	find /tmp /var/tmp -mindepth 1 ! -path '*/.privtmp-*' -printf '%p %y %m %s %T@\n' | sort
}
