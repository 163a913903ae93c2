# SPDX-License-Identifier: LGPL-2.1-or-later
# Where refusals and losses are told: PRIVTMP_LOG. The journal and syslog are sockets of
# this test's own, in a mount namespace.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded in there; each test is a subshell

load common
load run

REFUSED="privtmp: /nowhere: no private directory can be made here: No such file or directory (2); create it with mode 1777, or set PRIVTMP_ROOT"
JOURNAL=/run/systemd/journal/socket

# with_logs SOCKET... -- SCRIPT: run SCRIPT where these sockets are there, and print what
# it has written to standard output, its standard error as "stderr: ...", and what came.
with_logs() {
	local sockets=()

	not_nested_sanitizer
	[[ $(id -u) -eq 0 ]] || skip "needs root, for a /run of its own"
	while [[ $1 != -- ]]; do
		sockets+=("$1")
		shift
	done
	run unshare --mount --propagation private bash -c '
		mount -t tmpfs -o mode=755 run /run && mkdir -p /run/systemd/journal /run/dev || exit 99
		for n in null zero random urandom tty full; do
			touch /run/dev/$n && mount --bind /dev/$n /run/dev/$n || exit 99
		done
		ln -s /proc/self/fd /run/dev/fd
		mkdir -m 1777 /run/dev/shm
		mount --rbind /run/dev /dev || exit 99
		mount -t tmpfs -o mode=755 etc /mnt && mkdir /mnt/up /mnt/work &&
			mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work over /etc ||
			exit 99
		script=$1
		shift
		: >/run/log
		if (($#)); then
			"$PROGS/log_sink" "$@" >/run/log 3>&- & sink=$!
			until grep -q ready /run/log; do sleep 0.05; done
		fi
		refused() { env PRIVTMP_ROOT=/nowhere LD_PRELOAD="$SHIM" "$@" sh -c "echo x >/tmp/x"; }
		eval "$script" 2>/run/stderr
		sleep 0.2
		! (($#)) || { kill $sink && wait $sink; } # it writes down what has come
		sed "s/^/stderr: /" /run/stderr
		grep -v "^ready" /run/log' bash "${@:2}" "${sockets[@]}"
	[[ $status -ne 99 ]] || skip "needs a mount namespace"
}

@test "what somebody can read on standard error goes nowhere else" {
	with_logs $JOURNAL /dev/log -- 'refused; refused 2>&1 | cat'
	assert_line "stderr: $REFUSED"
	assert_line "$REFUSED"
	refute_output --partial MESSAGE
	refute_output --partial "<12>"
}

@test "where standard error is closed, or /dev/null, it goes to the journal" {
	with_logs $JOURNAL /dev/log -- 'refused 2>&-; refused 2>/dev/null'
	assert_equal "$(grep -c "^MESSAGE=${REFUSED#privtmp: }\$" <<<"$output")" 2
	assert_line "SYSLOG_IDENTIFIER=privtmp"
	assert_line --partial "PRIORITY=4"
	assert_line "ERRNO=2"
	assert_line "MESSAGE_ID=3421c5ed11424cb7baff78badd58a2e7"
	refute_output --partial "<12>"
	refute_output --partial "stderr: privtmp"
}

@test "without a journal it goes to syslog, and without that nowhere" {
	with_logs /dev/log -- 'refused 2>&-'
	assert_line --regexp "^/dev/log: <12>privtmp\[[0-9]+\]: /nowhere: no private directory can be made here: .*"
	with_logs -- 'refused 2>&-; echo "status $?"'
	assert_line "status 2"
	refute_output --partial private
}

@test "PRIVTMP_LOG says where: that alone, or standard error where it is not there" {
	with_logs $JOURNAL /dev/log -- 'refused PRIVTMP_LOG=journal'
	assert_line "MESSAGE=${REFUSED#privtmp: }"
	refute_output --partial "stderr: privtmp"
	with_logs $JOURNAL /dev/log -- 'refused PRIVTMP_LOG=syslog'
	assert_line --partial "<12>privtmp["
	refute_output --partial MESSAGE=
	refute_output --partial "stderr: privtmp"
	with_logs -- 'refused PRIVTMP_LOG=journal'
	assert_line "stderr: $REFUSED"
	with_logs $JOURNAL /dev/log -- 'refused PRIVTMP_LOG=stderr 2>&-; refused PRIVTMP_LOG=stderr'
	assert_line "stderr: $REFUSED"
	refute_output --partial MESSAGE=
	refute_output --partial "<12>"
}

@test "the option and the configuration say where, too, and members have it from the session" {
	with_logs $JOURNAL -- '"$PRIVTMP" run --log journal --root /nowhere true'
	assert_line --partial "MESSAGE=/nowhere: no private directory can be made here"
	refute_output --partial "stderr: privtmp"
	with_logs $JOURNAL -- 'echo "log = journal" >/etc/privtmp.conf; refused'
	assert_line "MESSAGE=${REFUSED#privtmp: }"
	refute_output --partial "stderr: privtmp"
	# A member that has the session by its name alone.
	with_logs $JOURNAL -- 'mkdir -m 1777 /mnt/t; "$PRIVTMP" run --log journal --guard /mnt/t sh -c "
		unset PRIVTMP_LOG; sh -c \"rmdir /mnt/t/../t 2>/dev/null; exec sh -c : \"
		\"$PRIVTMP\" status --format json \$\$ | grep -o \"log.: .journal.\""'
	assert_line 'log": "journal"'
}

@test "the helper, which has no standard error, tells what it could not remove" {
	command -v chattr >/dev/null || skip "needs chattr"
	with_logs $JOURNAL -- 'mkdir /mnt/roots; chmod 1777 /mnt/roots
		env PRIVTMP_ROOT=/mnt/roots LD_PRELOAD="$SHIM" bash -c "
			mkdir /tmp/kept
			mount -t tmpfs inner \$(echo /mnt/roots/.privtmp-*/*/tmp/kept)
			kill -KILL \$\$"
		sleep 1; umount /mnt/roots/.privtmp-*/*/tmp/kept; "$PRIVTMP" sweep --root /mnt/roots'
	assert_line --partial "MESSAGE=kept: and what else may be left of a session cannot be removed: Device or resource busy"
}

@test "it tells of a root whose name leads to something else, too" {
	with_logs $JOURNAL -- 'mkdir /mnt/roots; chmod 1777 /mnt/roots
		env PRIVTMP_ROOT=/mnt/roots LD_PRELOAD="$SHIM" bash -c "
			echo x >/tmp/x
			mount -t tmpfs -o mode=1777 over /mnt/roots
			kill -KILL \$\$"
		sleep 1; umount /mnt/roots; "$PRIVTMP" sweep --root /mnt/roots; ls -A /mnt/roots'
	assert_line --regexp "^MESSAGE=/mnt/roots/.privtmp-[^/]*: is left: something is mounted over it, or it was renamed; undo that, then run privtmp sweep"
	refute_line --regexp "^.privtmp-"
}

@test "under a filter that it does not know, a program sends nothing" {
	with_logs $JOURNAL -- '"$PROGS/refuse" kill socket -- env PRIVTMP_ROOT=/nowhere \
		PRIVTMP_LOG=journal LD_PRELOAD="$SHIM" sh -c "echo x >/tmp/x"; echo "status $?"'
	assert_line "stderr: $REFUSED"
	assert_line "status 2"
	refute_output --partial MESSAGE=
}

@test "no descriptor stays open, and a datagram that nobody takes delays nothing" {
	with_logs $JOURNAL -- 'kill -STOP $!
		for i in $(seq 50); do refused PRIVTMP_LOG=journal; done
		kill -CONT $!'
	assert_line --partial "MESSAGE=/nowhere"
	with_logs $JOURNAL -- 'env PRIVTMP_ROOT=/nowhere PRIVTMP_LOG=journal LD_PRELOAD="$SHIM" bash -c "
		ls /proc/\$\$/fd >/run/before
		echo x >/tmp/x
		ls /proc/\$\$/fd >/run/after
		cmp /run/before /run/after && echo same"'
	assert_line same
}

@test "a report that nobody can read does not end the program" {
	local pipe=$BATS_TEST_TMPDIR/pipe
	local quiet=(perl -e '$SIG{PIPE} = $SIG{XFSZ} = "DEFAULT"; exec @ARGV' env PRIVTMP_ROOT=/nowhere
		PRIVTMP_LOG=stderr LD_PRELOAD="$SHIM" sh -c 'test -e /tmp/x; exit 3')

	command -v perl >/dev/null || skip "needs perl"
	mkfifo "$pipe"
	# shellcheck disable=SC2094 # opened for both first, so that nobody waits
	exec 7<>"$pipe" 8>"$pipe" 7>&-
	status=0
	"${quiet[@]}" 2>&8 || status=$?
	exec 8>&-
	assert_equal "$status" 3
	status=0
	(ulimit -f 0 && exec "${quiet[@]}") 2>"$BATS_TEST_TMPDIR/file" || status=$?
	assert_equal "$status" 3
	[[ ! -s $BATS_TEST_TMPDIR/file ]]
}

@test "a report shows no character that controls, has no width or turns others, and only UTF-8" {
	local root=$'/nowhere/a\xc2\x9b31m\xe2\x80\xae\x1b\x7fb\xe2\x81\xa6c\xd8\x9cd\xc3\xbc\xe2\x82\xac'

	run env PRIVTMP_ROOT="$root" LD_PRELOAD="$SHIM" sh -c 'test -e /tmp/x'
	assert_line --partial $'/nowhere/a\\u009b31m\\u202e\\x1b\\x7fb\\u2066c\\u061cd\xc3\xbc\xe2\x82\xac: '
	# A blank without width, a mark of the byte order, a tag; a control of eight bits.
	root=$'/nowhere/a\xe2\x80\x8bb\xef\xbb\xbfc\xf3\xa0\x81\x81d\xc2\xade\x9b31mf\xff'
	run env PRIVTMP_ROOT="$root" LD_PRELOAD="$SHIM" sh -c 'test -e /tmp/x'
	assert_line --partial '/nowhere/a\u200bb\ufeffc\ue0041d\u00ade\x9b31mf\xff: '
}

@test "however long a name or a value is, a report tells the cause and the remedy" {
	local long one
	long=$(printf '/%.0sa\xff' {1..300})

	for one in "ROOT=/nowhere$long" "GUARD=$long" "GUARD=x$long" "SCOPE=$long"; do
		run env "PRIVTMP_$one" LD_PRELOAD="$SHIM" sh -c 'test -e /tmp/x'
		assert_line --regexp '^privtmp: .*\.\.\.: [A-Z][a-z ]* \([0-9]+\); .*[a-z/]$'
		assert_equal "${#lines[@]}" 1
		((${#output} < 512))
	done
}

@test "what a file system in a network, of FUSE or with keys answers is told in words" {
	local error

	# ENOTCONN, ECONNABORTED, EHOSTDOWN, EHOSTUNREACH, ETIMEDOUT, ESTALE, EREMOTEIO, ENOKEY,
	# EKEYEXPIRED, EKEYREVOKED, EKEYREJECTED, EILSEQ, ENOLINK, ENOMEDIUM
	for error in 107 103 112 113 110 116 121 126 127 128 129 84 67 123; do
		run "$PROGS/refuse" "$error" mkdirat -- env LD_PRELOAD="$SHIM" touch /tmp/x
		assert_output --regexp "privtmp: /tmp: no private.*: [A-Z][A-Za-z/ ]* \($error\)"
		refute_output --partial Unexpected
	done
}
