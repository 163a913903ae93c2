# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by the files that load this
#
# For tests of privtmp audit: "load audit" behind "load common".

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
