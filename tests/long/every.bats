# SPDX-License-Identifier: LGPL-2.1-or-later
# The functions that are wrapped by hand, where a path is shared, walked or confined, and where
# they are audited. ../every.bats has them in an ordinary session.

load ../common
load ../every

@test "functions that are wrapped by hand do as without the shim where a path is shared, walked, not in a session, and where it is confined" {
	local how

	# One of several that are alike.
	by_hand
	awk '!seen[$1]++ && $1 !~ /64|_chk$|^(fn|execl|execv|mkos)/' functions >some
	answers some >bare
	for how in "SHARE=$DIR" LINKS=exact 'ROOT=/nowhere PRIVTMP_ONFAIL=pass' CONFINE=yes; do
		# shellcheck disable=SC2086 # words
		[[ $how != CONFINE=* ]] || shimmed env PRIVTMP_$how true || continue # without Landlock
		# shellcheck disable=SC2086 # words
		export PRIVTMP_${how}
		answers some shimmed >under
		unlike bare under >differ
		[[ ! -s differ ]] || fail "$how: $(cut -c 1-300 differ | head -n 40)"
		assert_no_session
		unset PRIVTMP_SHARE PRIVTMP_LINKS PRIVTMP_ROOT PRIVTMP_ONFAIL PRIVTMP_CONFINE
	done
	[[ $(wc -l <bare) -gt $LEAST ]]
}

@test "they answer and leave the same where they are audited" {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has to come first"
	by_hand
	same functions "$PRIVTMP" audit --output report.txt --
	grep -qF "$DIR" report.txt
}
