# SPDX-License-Identifier: LGPL-2.1-or-later
# Every function of the table calls.def, and many of those that are wrapped by hand, one after
# the other.

load common

setup() {
	DIR=/tmp/privtmp-every-$$-$RANDOM
	cd "$BATS_TEST_TMPDIR" || return
	NAMED=("TZ=:$DIR/zone" "DATEMSK=$DIR/dates" "GETCONF_DIR=$DIR" "HOSTALIASES=$DIR/file")
	LEAST=2000
}

teardown() {
	rm -rf "$DIR"
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

@test "every plain path function answers and leaves the same as without the shim" {
	awk -v "have=$PRIVTMP_BUILD/shim/gen/have.txt" -f "$PRIVTMP_SOURCE/shim/gen/rows.awk" \
		-f "$PRIVTMP_SOURCE/tests/every.awk" "$PRIVTMP_SOURCE/shim/wrap/calls.def" >functions
	[[ $(wc -l <functions) -gt 40 ]]
	same functions shimmed
	grep -q '^open no/such: -1 2 ' bare
	grep -q '^open file: number 0 ' bare
	grep -q '^mkdir none: 0 0 .*; left .* none 4' bare
}

@test "every name of the list is one that the shim knows" {
	run comm -23 <(grep -v '^#' "$PRIVTMP_SOURCE/tests/every.list" | cut -d ' ' -f 1 | sort -u) \
		<(grep -rohE --include='*.[ch]' --include='*.def' '[A-Za-z_][A-Za-z0-9_]*' \
			"$PRIVTMP_SOURCE/shim" | sort -u)
	assert_output ""
}

@test "every function that is wrapped by hand answers and leaves the same, too" {
	by_hand
	same functions shimmed
	grep -q '^readlink link: number 0 "file" ' bare
	grep -q '^realpath detour to link: *"'"$DIR"'/file" 0 ' bare
	grep -q '^chdir dir: 0 0 in '"$DIR"'/dir$' bare
	grep -q '^mktime elsewhere: .* localtime 9:00' bare
}

@test "they do where a path is shared, walked, not in a session, and where it is confined" {
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

@test "they do where no variable names a file" {
	NAMED=()
	LEAST=40
	grep -E " (time|tm|'|locale|=176|=237)" "$PRIVTMP_SOURCE/tests/every.list" >functions
	same functions shimmed
	grep -q '^mktime elsewhere: .* localtime 0:00' bare
}

@test "those functions answer and leave the same where they are audited" {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has to come first"
	by_hand
	same functions "$PRIVTMP" audit --output report.txt --
	grep -qF "$DIR" report.txt
}

@test "the measure itself: another answer, and another file that is left, would be seen" {
	grep -E '^(mkdir|readlink) ' "$PRIVTMP_SOURCE/tests/every.list" >functions
	echo "mkdir number path number" >>functions
	answers functions >bare
	sed '/^mkdir none:/s/; left.*//' bare >without
	run unlike bare without
	assert_line --regexp '^shimmed mkdir none: 0 0 in /usr$'
	sed '/^readlink link:/s/file/other/' bare >other
	run unlike bare other
	assert_line --regexp '^shimmed readlink link: .*other'
	run unlike bare bare
	assert_output ""
	run unlike bare <(sed 1d bare)
	assert_line --regexp 'answers, not'
}
