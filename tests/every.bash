# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What progs/every answers, bare and under something: for every.bats and long/every.bats.

setup() {
	DIR=/tmp/privtmp-every-$$-$RANDOM
	cd "$BATS_TEST_TMPDIR" || return
	: >begun
	NAMED=("TZ=:$DIR/zone" "DATEMSK=$DIR/dates" "GETCONF_DIR=$DIR" "HOSTALIASES=$DIR/file")
	LEAST=2000
}

teardown() {
	rm -rf "$DIR"
	# A template without a directory is made in /usr, by root.
	run find /usr -maxdepth 1 -name '.??????' -newer begun
	assert_output ""
}

# answers FUNCTIONS [COMMAND [ARG]...]: what all of them answer under COMMAND.
answers() {
	"${@:2}" env "${NAMED[@]}" "$PROGS/every" "$DIR" <"$1" 2>/dev/null |
		sed 's,/proc/[0-9]*,/proc/PID,g'
}

# unlike BARE SHIMMED: the answers that differ, but for what is meant to.
unlike() {
	awk '
	# The kernel would look at rights, a descriptor or flags first, or libc keeps the path.
	function is_late(name)
	{
		return name ~ /^(inotify_add_watch|fanotify_mark|mount|mount_setattr|pivot_root)$/ ||
			name ~ /^(move_mount|fspick|swapon|swapoff)$/ ||
			name ~ /^(revoke|chflags|utmpx?name|_IO_file_fopen|dlm?open|bindtextdomain)$/
	}
	NR == FNR { bare[NR] = $0; next }
	{ rows = FNR }
	$0 == bare[FNR] { next }
	# What libc dies of, and what this one lacks.
	bare[FNR] ~ /: (signal|not there)/ || /^(popen|posix_spawnp) (NULL|no address)/ { next }
	/^[A-Za-z0-9_]* loop.*: .* 40( |$)/ && is_late($1) { next }
	# To this libc no environment is a mistake.
	/^fexecve .*, NULL/ { next }
	# It is kept without what leads there.
	/^bindtextdomain .*: ./ && !/: NULL/ { next }
	{ print "bare    " bare[FNR]; print "shimmed " $0 }
	END { if (!rows || rows != NR / 2) print rows " answers, not " NR - rows }' "$1" "$2"
}

# same FUNCTIONS COMMAND [ARG]...: bare and under COMMAND.
same() {
	answers "$1" >bare
	[[ ! -e $DIR ]]
	answers "$@" >under
	unlike bare under >differ
	[[ ! -s differ ]] || fail "$(cut -c 1-300 differ | head -n 40)"
	[[ $(wc -l <bare) -gt $LEAST ]]
	assert_no_session
}

# by_hand: the file "functions" with those of every.list.
by_hand() {
	grep -v '^#' "$PRIVTMP_SOURCE/tests/every.list" >functions
}
