# SPDX-License-Identifier: LGPL-2.1-or-later
# The manual says what the tools do, and all of it; its examples do what it says.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded elsewhere; subshells

load common
load run

setup() {
	NAME=privtmp-manual-$$-$RANDOM
	STRANGE='' # nothing for teardown to end
	MAN=$PRIVTMP_SOURCE/tools/man
	BLOCK=$BATS_TEST_TMPDIR/block
}

subcommands() { "$PRIVTMP" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'; }

# known_options: all that --help of any subcommand shows.
known_options() {
	local name

	for name in $(subcommands); do
		"$PRIVTMP" "$name" --help
	done | grep -oE -- '^  (-.,|   ) --[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | sort -u
}

# plain FILE: its text, as far as names go.
plain() { sed 's/\\-/-/g' "$1"; }

# blocks KIND FILE: write the marked blocks into BLOCK-1, BLOCK-2, ...; how many.
blocks() {
	awk -v kind="$1" -v out="$BLOCK" '
		$0 == ".\\\" " kind { marked = 1; next }
		marked && /^\.EX/ { inside = 1; n++; next }
		/^\.EE/ { inside = marked = 0 }
		inside { print >(out "-" n) }
		END { print n + 0 }' "$2"
	# What a reader sees: \(aq is a quote, \- a minus, \e a backslash.
	sed -i "s/\\\\(aq/'/g; s/\\\\-/-/g; s/^\\\\&//; s/\\\\e/\\\\/g" "$BLOCK"-*
}

# run_block FILE: run its commands, each with what it writes behind it, in a
# directory of their own.
run_block() {
	mkdir -p "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/bin"
	cd "$BATS_TEST_TMPDIR/work" || return
	ln -sf "$PRIVTMP" "$BATS_TEST_TMPDIR/bin/privtmp"
	awk '/^\$ / { print "echo; echo " quoted($0); print substr($0, 3) }
		function quoted(s) { gsub(/\047/, "\047\\\047\047", s); return "\047" s "\047" }' \
		"$1" >"$1.sh"
	{
		echo
		cat "$1"
	} | sed 's/^\$ /\n&/' | grep -v '^$' >"$1.want"
	env -u XDG_CONFIG_HOME HOME="$BATS_TEST_TMPDIR/home" PATH="$BATS_TEST_TMPDIR/bin:$PATH" \
		LIBPRIVTMP="$SHIM" \
		timeout 60 bash "$1.sh" 2>&1 |
		sed -E "s/\.privtmp-[0-9A-Za-z]{22}/.privtmp-<id>/g; s,$BATS_TEST_TMPDIR/home,<home>,g
			s,$PRIVTMP_BUILD/tests/gnu,/usr/bin,g" |
		grep -v '^$' >"$1.got"
	diff "$1.want" "$1.got"
}

@test "each subcommand and option is in privtmp(1), and no other" {
	run -0 subcommands
	assert_line run
	diff <(printf '%s\n' "${lines[@]}" | sort) \
		<(plain "$MAN/privtmp.1" | sed -n '/^.SH SUBCOMMANDS/,/^.SH OPTIONS/p' |
			grep -A1 '^\.TP' | sed -n 's/^\.B \([a-z-]*\)$/\1/p' | sort)
	run -0 known_options
	assert_line -- --guard
	diff <(printf '%s\n' "${lines[@]}") \
		<(plain "$MAN/privtmp.1" | sed -n '/^.SH OPTIONS/,/^.SH EXIT/p' |
			grep -A1 '^\.TP' | grep -oE -- '--[a-z0-9-]+' | sort -u)
}

@test "each option has an example" {
	local option

	[[ $(blocks example "$MAN/privtmp.1") -gt 10 ]]
	for option in $(known_options); do
		grep -hq -- "^\\\$ .*$option\b" "$BLOCK"-* || fail "no example of $option"
	done
}

@test "each variable is in libprivtmp(7), and no other" {
	diff <(grep -aoE 'PRIVTMP_[A-Z][A-Z_]*[A-Z]' "$SHIM" | sort -u) \
		<(plain "$MAN/libprivtmp.7" | grep -oE 'PRIVTMP_[A-Z][A-Z_]*[A-Z]' | sort -u)
}

@test "each key is in privtmp.conf(5), and no other" {
	local keys

	echo "nonsense = x" >"$BATS_TEST_TMPDIR/conf"
	run -1 "$PRIVTMP" check-config "$BATS_TEST_TMPDIR/conf"
	keys=$(sed 's/.*use //; s/,//g; s/ or / /' <<<"$output" | tr ' ' '\n' | sort)
	grep -q '^mode$' <<<"$keys"
	diff <(echo "$keys") \
		<(plain "$MAN/privtmp.conf.5" |
			sed -n '/^.SH KEYS/,/^.SH MIS/s/^\.B[IR]* \([a-z-]*\)=.*/\1/p' | sort)
	for key in $keys; do
		plain "$MAN/privtmp.conf.5" | sed -n '/^\.\\" configuration/,/^\.EE/p' |
			grep -q "^$key = " || fail "no example of $key"
	done
}

@test "the examples of privtmp(1) do what it says" {
	local n i

	not_nested_sanitizer
	n=$(blocks example "$MAN/privtmp.1")
	[[ $n -gt 10 ]]
	for ((i = 1; i <= n; i++)); do
		run_block "$BLOCK-$i"
	done
	assert_no_session
}

@test "privtmp(1) has the rules, with their numbers and how severe each is" {
	command -v jq >/dev/null || skip "needs jq"
	diff <("$PROGS/report" rules json - | jq -r 'select(.type == "finding") |
		"\(.rule) (\(.severity)" + if .cwe + .cert == [] then ")" else
			"; \(.cwe + .cert | join(", ")))" end') \
		<(plain "$MAN/privtmp.1" | sed -n '/^.SH REPORTS/,/^.SS Formats/p' |
			sed -n 's/^\.BR \([a-z-]*\) "\( (.*)\)"$/\1\2/p')
}

@test "the suppressions of privtmp(1) suppress what it says" {
	[[ $(blocks suppressions "$MAN/privtmp.1") -eq 1 ]]
	run -0 "$PROGS/report" plain text - --suppress "$BLOCK-1"
	assert_line "3 findings: 1 high, 2 medium; 2 suppressed."
}

@test "each variable has an example, and the examples of libprivtmp(7) do what it says" {
	local n i name

	not_nested_sanitizer
	n=$(blocks example "$MAN/libprivtmp.7")
	[[ $n -gt 2 ]]
	grep -aoE 'PRIVTMP_[A-Z][A-Z_]*[A-Z]' "$SHIM" | sort -u | grep -v SESSION >"$BATS_TEST_TMPDIR/names"
	while read -r name; do
		grep -hq "^\\\$ .*$name=" "$BLOCK"-* || fail "no example of $name"
	done <"$BATS_TEST_TMPDIR/names"
	for ((i = 1; i <= n; i++)); do
		rm -rf "$BATS_TEST_TMPDIR/work"
		run_block "$BLOCK-$i"
	done
	assert_no_session
}

@test "the examples of privtmp.conf(5) do what it says" {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to put a file into an /etc"
	blocks configuration "$MAN/privtmp.conf.5"
	cp "$BLOCK-1" "$BATS_TEST_TMPDIR/privtmp.conf"
	run -0 "$PRIVTMP" check-config "$BATS_TEST_TMPDIR/privtmp.conf"
	assert_output ""
	[[ $(blocks example "$MAN/privtmp.conf.5") -eq 1 ]]
	export -f run_block
	unshare --mount --propagation private true 2>/dev/null || skip "needs a mount namespace"
	[[ -d /opt ]] || skip "needs /opt, where the program of the example is"
	unshare --mount --propagation private bash -eo pipefail -c '
		mount -t tmpfs -o mode=755 over /mnt && mkdir /mnt/up /mnt/work
		cp "$1/privtmp.conf" /mnt/up/
		mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work over /etc
		mount -t tmpfs program /opt && mkdir /opt/reports
		cp "$(type -P true)" /opt/reports/daily
		BATS_TEST_TMPDIR=$1 run_block "$2"' bash "$BATS_TEST_TMPDIR" "$BLOCK-1"
}

@test "the line for /etc/ld.so.preload reaches set-user-ID programs, and a bare name does not" {
	need_users
	[[ $(blocks preload "$MAN/libprivtmp.7") -eq 1 ]]
	with_library '
		cp "$(command -v cat)" /mnt/suid && chmod 4755 /mnt/suid
		maps() {
			setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
				"$@" /proc/self/maps | grep -c "/libprivtmp\.so$" || :
		}
		loaded() { [ "$(maps "$@" 2>/dev/null)" -gt 0 ] && echo yes || echo no; }
		echo libprivtmp.so >/etc/ld.so.preload
		echo "bare: plain $(loaded cat) suid $(loaded /mnt/suid)"
		: >/etc/ld.so.preload
		"$PRIVTMP" check-config || echo unexpected
		echo "mode = redirect" >/etc/privtmp.conf
		echo libprivtmp.so >/etc/ld.so.preload
		"$PRIVTMP" check-config 2>&1 || echo "named: $?"
		cat "$2" >/etc/ld.so.preload
		echo "manual: plain $(loaded cat) suid $(loaded /mnt/suid)"
		"$PRIVTMP" check-config
		: >/etc/ld.so.preload' "$BLOCK-1"
	assert_line "bare: plain yes suid no"
	assert_line "privtmp: /etc/ld.so.preload: libprivtmp.so without its directory is not loaded into set-user-ID programs; write its full path, or /usr/\$LIB/libprivtmp.so"
	assert_line "named: 1"
	assert_line "manual: plain yes suid yes"
	refute_line unexpected
}

@test "the crontab of privtmp(1) protects its jobs" {
	[[ $(blocks crontab "$MAN/privtmp.1") -eq 1 ]]
	grep -q '^[0-9* ]* /' "$BLOCK-1"
	# What cron does: the lines with "=" are the environment of the jobs behind them.
	with_library '
		job() { env -i PATH=/usr/bin:/bin "$@" /bin/sh -c "echo x >/tmp/report; ls -A /tmp"; }
		echo "without: $(job)"; ls -A /tmp; rm -f /tmp/report
		mapfile -t settings < <(grep "^[A-Z_]*=" "$2")
		echo "with: $(job "${settings[@]}" 2>&1)"
		[ ! -e /tmp/report ]' "$BLOCK-1"
	assert_line "without: report"
	assert_line "report"
	assert_line "with: report"
}

@test "each test that the threat model, or SECURITY, names is there" {
	local name

	{
		plain "$MAN/libprivtmp.7" | sed -n '/^.SH SECURITY/,/^.SH LIMITS/p'
		cat "$PRIVTMP_SOURCE/SECURITY"
	} | grep -oE '[a-z-]+\.bats' | sort -u >"$BATS_TEST_TMPDIR/named"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/named") -gt 5 ]]
	while read -r name; do
		[[ -e $PRIVTMP_SOURCE/tests/$name || -e $PRIVTMP_SOURCE/tests/long/$name ]] ||
			fail "no $name"
	done <"$BATS_TEST_TMPDIR/named"
}

@test "the formatter has nothing to say against the pages" {
	local page

	command -v groff >/dev/null || skip "needs groff"
	for page in privtmp.1 privtmp.conf.5 libprivtmp.7; do
		run -0 groff -man -t -ww -Tutf8 -z "$MAN/$page"
		assert_output ""
	done
}
