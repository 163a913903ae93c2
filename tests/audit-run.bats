#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# How privtmp audit runs a command: its options, its trace, what it costs, and its library.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded elsewhere; subshells

load common
load run
load audit

# -- The command ------------------------------------------------------------------

@test "the command's status, output and files are its own" {
	run -7 "$PRIVTMP" audit --output report.txt -- sh -c "echo out; echo x >$N; exit 7"
	assert_output out
	[[ $(<"$N") == x ]]
	rm "$N"
	run -143 "$PRIVTMP" audit --output report.txt -- sh -c 'kill -TERM $$'
	run -127 "$PRIVTMP" audit --output report.txt -- ./nothing
	assert_output --partial "no such command"
}

@test "a program without a name, and one without a file, are audited, too" {
	run -127 "$PRIVTMP" audit --output report.txt -- env ''
	[[ -s report.txt ]]
	run -0 audit python3 -c 'import os
try: os.execve(os.open("/bin/true", os.O_RDONLY), ["true"], {})
except OSError: pass'
	[[ -s report.json ]]
}

@test "what is wrong with the options is told before the command runs" {
	# A byte-order mark is no part of a rule.
	printf '\xef\xbb\xbf* /tmp/*\r\n' >suppressions
	run -0 "$PRIVTMP" audit --suppress=suppressions --output report.txt true
	mkdir directory
	for wrong in --output=nowhere/report --output=directory --attack=nonsense \
		"--attack=foo:$N" --trace=log; do
		echo >log
		run -125 "$PRIVTMP" audit "$wrong" -- touch ran
		assert_output --regexp '^privtmp: .*; '
		[[ ! -e ran ]]
	done
	assert_output "privtmp: log: cannot be made: File exists (17); use another name, or remove it"
	run -125 "$PRIVTMP" audit --read log -- touch ran
	assert_output --partial "--read runs no command; see"
}

@test "a script whose first line is audit itself is audited, once" {
	/usr/bin/env -S true 2>/dev/null || skip "env has no -S"
	for words in "$PRIVTMP audit" "/usr/bin/env -S $PRIVTMP audit --redirect" \
		"/usr/bin/env -S $PRIVTMP audit --attack=file:$N"; do
		printf '#!%s\necho x >%s; rm -f %s; echo ran >>ran\n' "$words" "$N" "$N" >script
		chmod 755 script
		rm -f ran
		run -0 timeout 30 ./script
		assert_line --partial "missing-exclusive"
		[[ $words == *attack* ]] || assert_equal "$(<ran)" ran
	done
}

@test "a report that waits for its reader, or for what it reads, can be ended, and leaves nothing" {
	local before option

	mkfifo fifo
	before=$(ls /dev/shm /var/tmp)
	for option in suppress baseline output; do
		# What came for the command does not end the report.
		run -124 timeout -k 5 1 "$PRIVTMP" audit "--$option=fifo" sh -c 'kill -TERM $PPID; sleep .1'
	done
	assert_equal "$(ls /dev/shm /var/tmp)" "$before"
}

# traces_here: the directories of traces, wherever these may be made.
traces_here() {
	find /dev/shm /var/tmp /tmp "${XDG_RUNTIME_DIR:-/dev/shm}" -maxdepth 1 \
		-name 'privtmp-audit-XXXX*' | sort -u
}

@test "an attack that is ended leaves no run of the command that waits for the plant, nor files" {
	local before

	before=$(traces_here)
	"$PRIVTMP" audit --attack=fifo:"$N" --output report.txt sh -c "test -p $N && echo >waits; cat $N" &
	wait_until 10 test -e waits
	kill -TERM $!
	wait $! || [[ $? -eq 143 ]]
	assert_no_session 5
	run ! pgrep -f "^cat $N\$"
	assert_equal "$(traces_here)" "$before"
	# So does the run before it, to which the signal is passed on.
	rm -f waits
	"$PRIVTMP" audit --attack=fifo:"$N" --output report.txt sh -c "echo >waits; exec sleep 60" &
	wait_until 10 test -e waits
	kill -TERM $!
	wait $! || [[ $? -eq 143 ]]
	assert_no_session 5
	assert_equal "$(traces_here)" "$before"
	# And where there would be no memory for a report.
	rm -f waits
	(
		ulimit -v 24000 # KiB: for one trace, not for two
		exec "$PRIVTMP" audit --attack=fifo:"$N" sh -c "echo >waits; exec sleep 60" 2>said
	) &
	wait_until 10 test -e waits
	kill -TERM $!
	ended=0
	wait $! || ended=$?
	assert_equal "$ended" 143
	assert_equal "$(<said)" ""
	assert_no_session 5
	assert_equal "$(traces_here)" "$before"
}

# killed_audit: an audit that is killed, whose trace is as old as if it had been of yesterday.
killed_audit() {
	local before

	before=$(traces_here)
	rm -f waits
	"$PRIVTMP" audit --output report.txt sh -c 'echo $$ >waits; exec sleep 60' 3>&- &
	wait_until 10 test -s waits
	kill -KILL $!
	wait $! || :
	kill -KILL "$(<waits)"
	TRACE=$(comm -13 <(echo "$before") <(traces_here))
	[[ -e $TRACE/trace ]]
	: >"$TRACE/there" # where a planted link leads
	touch -d yesterday "$TRACE"
}

@test "what an audit that was killed has left is removed by the next one, and by sweep" {
	local TRACE before other

	before=$(traces_here)
	killed_audit
	run -0 "$PRIVTMP" audit --output report.txt true
	assert_equal "$(traces_here)" "$before"
	killed_audit
	run -0 "$PRIVTMP" sweep --dry-run
	assert_line "would remove $TRACE"
	[[ -e $TRACE ]]
	run -0 "$PRIVTMP" sweep --verbose
	assert_line "removed $TRACE"
	assert_equal "$(traces_here)" "$before"
	rm -f waits
	mkfifo fifo
	# Not one that lives, however old, nor one of late, nor what somebody else has.
	"$PRIVTMP" audit --output report.txt sh -c 'touch -d yesterday "${PRIVTMP_TRACE%/*}"; : >waits; read -r _ <fifo' 3>&- &
	wait_until 10 test -e waits
	mkdir -m 700 /var/tmp/privtmp-audit-XXXXyoung1 /var/tmp/privtmp-audit-XXXXopen-1
	mkdir victim /var/tmp/privtmp-audit-XXXXother1
	: >victim/file
	ln -s "$PWD/victim" /var/tmp/privtmp-audit-XXXXlink-1
	chmod 750 /var/tmp/privtmp-audit-XXXXopen-1
	chmod 700 victim /var/tmp/privtmp-audit-XXXXother1
	touch -d yesterday victim /var/tmp/privtmp-audit-XXXX{open-,other}1
	other=/var/tmp/privtmp-audit-XXXXother1
	if ((EUID == 0)); then chown "$OTHER_UID" "$other"; else rmdir "$other"; fi
	before=$(traces_here)
	run -0 "$PRIVTMP" audit --output report.txt true
	run -0 "$PRIVTMP" sweep
	assert_equal "$(traces_here)" "$before"
	[[ -e victim/file ]]
	rm -r /var/tmp/privtmp-audit-XXXX{young,open-,link-,other}1 2>/dev/null || :
	echo >fifo
	wait
}

@test "a reader that has seen enough of a report ends the audit like others" {
	run -0 bash -c '"$0" audit --format json -- true | true; echo "${PIPESTATUS[0]}"' "$PRIVTMP"
	assert_output 141
}

@test "--fail-on sets the exit status" {
	local least

	for least in note low; do
		run -1 "$PRIVTMP" audit --fail-on "$least" --output report.txt -- \
			"$STEPS" exclusive "$N-%" unlink "$N-%"
	done
	for least in medium high; do
		run -0 "$PRIVTMP" audit --fail-on "$least" --output report.txt -- \
			"$STEPS" exclusive "$N-%" unlink "$N-%"
	done
}

@test "who is started with another environment is audited all the same" {
	run -0 audit env -i "$STEPS" fopen "$N" unlink "$N"
	assert_line "missing-exclusive high fopen $N"
	run -0 audit env -u LD_PRELOAD -u PRIVTMP_TRACE -u PRIVTMP_MODE "$STEPS" fopen "$N" unlink "$N"
	assert_line "missing-exclusive high fopen $N"
	run -0 audit env LD_PRELOAD= "$STEPS" fopen "$N" unlink "$N"
	assert_line "missing-exclusive high fopen $N"
}

@test "a static program is named as not seen" {
	${CC:-cc} -static -o static "$PRIVTMP_SOURCE/tests/progs/run_static.c" ||
		skip "no static program can be built"
	run -0 audit sh -c "./static $N; rm $N"
	assert_output --regexp "not-covered note [a-z]+ ./static"
	run -125 "$PRIVTMP" audit -- ./static "$N"
	assert_output --regexp "statically linked.*; it cannot be audited$"
	run -125 "$PRIVTMP" audit --redirect -- ./static "$N"
	assert_output --regexp "statically linked.*; it cannot be audited$"
}

@test "what a wrapped program does is seen, in the session that its script makes" {
	cp "$(type -P bash)" inner
	"$PRIVTMP" wrap inner
	run -3 audit ./inner -c "echo >$N; exit 3"
	assert_line --regexp "^missing-exclusive high [a-z]+ $N"
	refute_output --partial not-covered
	refute_output --partial leftover
	run -0 --separate-stderr "$PRIVTMP" audit --redirect ./inner -c "echo >$N; echo \$LD_PRELOAD"
	assert_line --regexp '^[^:]*/libprivtmp-audit.so$'
	assert_output --partial "missing-exclusive"
	[[ ! -e $N ]]
	# By mounts nothing is seen, and that is said.
	run -0 audit sh -c "'$PRIVTMP' run --backend mount true"
	assert_output --partial not-covered
	assert_no_session
}

@test "--redirect: the same is found, and nothing comes into the shared directory" {
	echo "echo secret >$N; cat $N >/dev/null; mkdir $N.d" >script
	run -0 "$PRIVTMP" audit --redirect --format json --output report.json -- bash script
	grep -q '"rule": "missing-exclusive".*"path": "'"$N"'"' report.json
	grep -q '"rule": "leftover".*"path": "'"$N"'".*"size": 7[,}]' report.json
	[[ ! -e $N && ! -e $N.d ]]
	assert_no_session
}

@test "--attack=KIND:PATH repeats one, and what follows no link is not accused of it" {
	run -0 "$PRIVTMP" audit "--attack=link:$N" --format json --output report.json -- \
		"$STEPS" fopen "$N" unlink "$N"
	[[ $(grep -c '"proof": "' report.json) -eq 1 ]]
	grep -q 'what it led to was changed' report.json
	run -0 "$PRIVTMP" audit "--attack=link:$N" --format json --output report.json -- \
		"$STEPS" exclusive "$N" unlink "$N"
	run -1 grep -c '"proof": "' report.json
	run -125 "$PRIVTMP" audit --attack=nonsense -- true
	assert_output --partial "is no attack"
}

@test "a quote or a backslash in a name ends no argument of the call that is shown" {
	local name="$N\", O_RDONLY) \\"

	run -0 "$PRIVTMP" audit -- "$STEPS" open "$name" unlink "$name"
	assert_line --partial "open(\"$N\\\", O_RDONLY) \\\\\","
}

@test "--unit prints a drop-in by which a service is audited until it stops" {
	local pre stop

	run -0 "$PRIVTMP" audit --unit legacy.service
	assert_line 'Environment="PRIVTMP_MODE=audit"'
	assert_line --regexp "^Environment=\"LD_PRELOAD=.*/$(basename "$AUDIT_SHIM")\"\$"
	assert_line "privtmp: legacy.service: there is no such unit; check its name"
	pre=$(sed -n 's/^ExecStartPre=//p' <<<"${output//%N/legacy}")
	stop=$(sed -n 's/^ExecStopPost=//p' <<<"${output//%N/legacy}")
	mkdir privtmp-audit-legacy
	# What systemd would do, twice: the second start adds to the first.
	for _ in 1 2; do
		eval "${pre//%S/$PWD}"
		LD_PRELOAD=$AUDIT_SHIM PRIVTMP_MODE=audit PRIVTMP_TRACE=$PWD/privtmp-audit-legacy/trace \
			"$STEPS" fopen "$N" unlink "$N"
		eval "${stop//%S/$PWD}"
	done
	grep -q "missing-exclusive" privtmp-audit-legacy/report.txt
	grep -q "$N (2 times)" privtmp-audit-legacy/report.txt
}

@test "--unit takes what unit takes, and refuses what it would ignore" {
	run -0 --separate-stderr "$PRIVTMP" audit --unit nowhere.timer
	assert_line --index 0 "# Audits nowhere.service: in /etc/systemd/system/nowhere.service.d/audit.conf."
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"nowhere.timer: starts nowhere.service: this is for that"* ]]
	# Each instance of a template has a trace of its own.
	run -0 --separate-stderr "$PRIVTMP" audit --unit legacy@
	assert_line "StateDirectory=privtmp-audit-%N"
	for name in 'x y' '' .service nowhere.mount; do
		run -125 "$PRIVTMP" audit --unit "$name"
		assert_output --partial "; see privtmp audit --help"
	done
	run -125 "$PRIVTMP" audit --unit legacy true
	one_line "true: --unit runs no command"
	run -125 --separate-stderr sh -c '"$PRIVTMP" audit --unit legacy >/dev/full'
	[[ $stderr == *"standard output: cannot be written"* ]]
	run -125 "$PRIVTMP" audit --read "$PWD/trace" true
	one_line "true: --read runs no command"
	run -125 "$PRIVTMP" audit --unit legacy --read "$PWD/trace"
	one_line "--read: not together with --unit"
	run -125 "$PRIVTMP" audit --read "$PWD/trace" --attack
	one_line "--attack: not together with --read"
	run -125 "$PRIVTMP" audit --read "$PWD/trace" --redirect
	one_line "--redirect: not together with --read"
}

@test "a trace that somebody has written nonsense into is read without harm" {
	"$PRIVTMP" audit --trace "$PWD/trace"
	LD_PRELOAD=$AUDIT_SHIM PRIVTMP_MODE=audit PRIVTMP_TRACE=$PWD/trace \
		"$STEPS" fopen "$N" access "$N" rename "$N" unlink "$N"
	for _ in {1..30}; do
		cp trace bad
		# Past the magic, where numbers and offsets are.
		head -c 4000 /dev/urandom |
			dd of=bad bs=1 seek=$((8 + RANDOM * 300)) conv=notrunc status=none
		head -c 400 /dev/urandom |
			dd of=bad bs=1 seek=$((16 + RANDOM % 64)) conv=notrunc status=none
		run timeout 20 "$PRIVTMP" audit --read bad --output report.txt
		[[ $status -eq 0 || $status -eq 125 ]]
	done
	echo x >bad
	run -125 "$PRIVTMP" audit --read bad
	assert_output --partial "is no trace"
}

# spoil TRACE: write numbers into it that lead far out of it, over and over, as a process of
# another user's could that was forked with it mapped.
spoil() {
	head -c 1048576 /dev/zero | tr '\0' '\377' >ones
	while :; do
		# The slots lie between the records and the texts, at the end.
		dd if=ones of="$1" bs=1M seek=$(($(stat -c %s "$1") - 5242880)) \
			oflag=seek_bytes conv=notrunc status=none
	done
}

@test "a process that is audited is not harmed by what another writes into the trace" {
	"$PRIVTMP" audit --trace "$PWD/trace"
	spoil trace 3>&- &
	run env LD_PRELOAD="$AUDIT_SHIM" PRIVTMP_MODE=audit PRIVTMP_TRACE="$PWD/trace" \
		"$STEPS" many 20000 "$N"
	kill $!
	wait || :
	assert_equal "$status" 0
}

@test "a trace that another user could cut short is neither taken nor written to" {
	((EUID == 0)) || skip "needs root"
	"$PRIVTMP" audit --trace "$PWD/trace"
	chown 65534 trace
	cp trace before
	run -125 "$PRIVTMP" audit --trace "$PWD/trace"
	assert_output --partial "others can write to it"
	LD_PRELOAD=$AUDIT_SHIM PRIVTMP_MODE=audit PRIVTMP_TRACE=$PWD/trace "$STEPS" fopen "$N"
	cmp trace before
}

@test "--output follows no link, and writes no file, that another user has put there" {
	((EUID == 0)) || skip "needs root"
	mkdir -m 1777 shared
	echo precious >target
	echo planted >shared/file
	ln -s "$PWD/target" shared/link
	chown -h 65534 shared/file shared/link
	for name in file link; do
		run -125 "$PRIVTMP" audit --output "shared/$name" true
		assert_output --partial "cannot be written: Permission denied"
	done
	assert_equal "$(cat target shared/file)" $'precious\nplanted'
	ln -s "$PWD/target" own
	"$PRIVTMP" audit --output own true
	grep -q "no findings\|0 findings" target
}

@test "--output trusts nothing that lies in a directory of another user's, and waits for nobody" {
	need_users
	local dir name

	dir=$(scratch)/theirs
	install -d -o "$OTHER_UID" "$dir"
	mkdir roots
	echo precious >roots/target
	ln roots/target "$dir/hard"
	as_other ln -s "$PWD/roots/target" "$dir/link"
	as_other ln -s "$PWD/roots" "$dir/way"
	as_other mkfifo "$dir/fifo"
	ln -s "$dir/link" own
	for name in "$dir"/{hard,link,way/target,fifo} own; do
		run -125 timeout -k 1 5 "$PRIVTMP" audit --output "$name" true
		assert_output --partial "cannot be written: Permission denied"
		assert_equal "$(cat roots/target)" precious
	done
	# What is root's own, it may put there, and where a FIFO of its own leads.
	for _ in 1 2; do
		run -0 "$PRIVTMP" audit --output "$dir/report" true
		grep -q "no findings\|0 findings" "$dir/report"
	done
	run -125 "$PRIVTMP" audit --output "" true
	one_line "'': cannot be written: No such file or directory (2); check its name"
	ln -s /proc/self/fd/1 standard
	run -0 "$PRIVTMP" audit --output standard true
	assert_output --regexp "no findings|0 findings"
	mkfifo fifo
	cat fifo >got &
	run -0 timeout -k 1 5 "$PRIVTMP" audit --output fifo true
	wait "$!"
	grep -q "no findings\|0 findings" got
}

# A stranger looks like the root of outside there.
@test "--output follows no link of another user's in a user namespace without root, either" {
	need_users
	as_user unshare --user --map-current-user true 2>/dev/null || skip "needs user namespaces"
	local dir

	dir=$(scratch)
	echo precious >"$dir/target"
	chown "$TEST_UID" "$dir/target"
	install -d -o "$OTHER_UID" "$dir/theirs"
	as_other ln -s "$dir/target" "$dir/theirs/link"
	run -125 as_user unshare --user --map-current-user \
		"$PRIVTMP" audit --output "$dir/theirs/link" true
	assert_output --partial "cannot be written: Permission denied"
	assert_equal "$(cat "$dir/target")" precious
	run -0 as_user unshare --user --map-current-user \
		"$PRIVTMP" audit --output "$dir/target" true
	grep -q "no findings\|0 findings" "$dir/target"
}

@test "no FIFO of another user's keeps who reads it waiting: suppressions, or a command" {
	need_users
	local option

	mkfifo -m 755 fifo
	echo '# nothing' >fifo &
	run -0 timeout -k 1 5 "$PRIVTMP" audit --suppress fifo --output report.txt true
	chown "$OTHER_UID" fifo
	for option in suppress baseline; do
		run -125 timeout -k 1 5 "$PRIVTMP" audit "--$option=fifo" --output report.txt true
		assert_output --partial "fifo: cannot be read: Permission denied"
	done
	run -126 timeout -k 1 5 "$PRIVTMP" run ./fifo
	assert_output --partial "cannot be run"
}

@test "nor does a file of another user's that has no end, or a device that a link leads to" {
	need_users
	local option

	{
		printf '# '
		head -c 70M /dev/zero | tr '\0' x
	} >long
	ln -s /dev/zero endless
	run -0 timeout -k 1 50 "$PRIVTMP" audit --suppress long --output report.txt true
	chown "$OTHER_UID" long
	for option in suppress baseline; do
		run -125 timeout -k 1 5 "$PRIVTMP" audit "--$option=long" --output report.txt true
		assert_output --partial "long: cannot be read: File too large (27); use a smaller file"
		run -125 timeout -k 1 5 "$PRIVTMP" audit "--$option=endless" --output report.txt true
		assert_output --partial "endless: cannot be read: Permission denied"
	done
	rm long
}

@test "no device that a link leads to is read, but for the null device and the own terminal" {
	local device option

	for device in zero full urandom kmsg ptmx; do
		[[ -c /dev/$device ]] || continue
		ln -sf "/dev/$device" link
		for option in suppress baseline; do
			run -125 timeout -k 1 5 "$PRIVTMP" audit "--$option=link" --output report.txt true
			assert_output --partial "link: cannot be read: Permission denied"
		done
	done
	ln -sf /dev/null link
	run -0 "$PRIVTMP" audit --suppress link --output report.txt true
	run -0 "$PRIVTMP" audit --suppress /dev/stdin --output report.txt true <<<'# nothing'
	run -0 "$PRIVTMP" audit --suppress /dev/stdin --output report.txt true < <(echo '# nothing')
	command -v script >/dev/null || return 0
	run -0 timeout -k 1 20 script -qec "'$PRIVTMP' audit --suppress /dev/stdin --output report.txt true" \
		/dev/null </dev/null
	refute_output --partial "cannot be read"
}

@test "another user's file that has more than its size says is read as far as a large one" {
	need_users
	local option pid

	as_other sh -c 'echo $$; exec sleep 60' >pid 3>&- &
	wait_until 5 test -s pid
	pid=$(<pid)
	ln -s "/proc/$pid/pagemap" link
	if [[ $(head -c 70M link 2>/dev/null | wc -c) -lt 70000000 ||
		$(stat -Lc %u:%s link) != "$OTHER_UID:0" ]]; then
		kill "$pid"
		skip "no file here that has more than its size says"
	fi
	for option in suppress baseline; do
		run -125 timeout -k 1 50 "$PRIVTMP" audit "--$option=link" --output report.txt true
		assert_output --partial "link: cannot be read: File too large"
	done
	kill "$pid"
}

# -- Many -------------------------------------------------------------------------

@test "a forest and its threads are one report, and nothing is lost" {
	run -0 audit "$STEPS" forest 200 "$N"
	grep -q '"calls": 400, "not_counted": 0' report.json
	[[ $(grep -c '"type": "process"' report.json) -eq 201 ]]
	run -0 audit "$STEPS" threads 16 "$N"
	grep -q '"calls": 3200, "not_counted": 0' report.json
	grep -q '"rule": "missing-exclusive"' report.json
}

@test "a process that is killed loses nothing of what it has done" {
	cat >script <<-END
		exec 4< <("$STEPS" wait "$N"; :)
		read -r line <&4
		kill -KILL \$(pgrep -P \$! -x audit_steps || echo \$!)
		wait
		rm $N
	END
	run -0 audit bash script
	assert_line "missing-exclusive high open $N"
}

@test "nothing is left of the trace" {
	local before

	before=$(traces_here)
	audit true
	assert_equal "$(traces_here)" "$before"
}

@test "a limit of the size of files does not kill audit, which then leaves no trace" {
	local place=$BATS_TEST_TMPDIR/run

	mkdir -m 700 "$place"
	# shellcheck disable=SC2016 # expanded by that shell
	XDG_RUNTIME_DIR=$place run -125 bash -c 'ulimit -f 100; "$0" audit true' "$PRIVTMP"
	assert_output "privtmp: audit: there is no place for a trace: File too large (27); raise the limit of files' sizes (ulimit -f)"
	[[ -z $(ls -A "$place") ]]
}

@test "a call in a watched directory costs two system calls more, and another none" {
	command -v strace >/dev/null || skip "needs strace"
	# calls CASE: how many system calls 1000 of the case's take.
	calls() {
		env LD_PRELOAD="$AUDIT_SHIM" PRIVTMP_MODE=audit PRIVTMP_TRACE="$PWD/trace" \
			strace -o calls "$PROGS/bench" time "$1" 1000 >/dev/null
		wc -l <calls
	}
	"$PRIVTMP" audit --trace "$PWD/trace"
	[[ $(calls access) -lt 1200 ]]
	[[ $(calls access_tmp) -gt 2000 && $(calls access_tmp) -lt 3200 ]]
}

# -- The library ------------------------------------------------------------------

@test "the library for audits exports what the plain one does, and calls by descriptor" {
	exports() { nm -D --defined-only "$1" | awk '{ print $3 }' | sed 's/@.*//' | sort -u; }
	run -1 diff <(exports "$SHIM") <(exports "$AUDIT_SHIM")
	assert_equal "$(grep '^[<>]' <<<"$output" | tr '\n' ' ')" \
		"> __fxstat > __fxstat64 > fchmod > fstat > fstat64 "
}

@test "the plain library has nothing of the trace" {
	run -1 grep -c 'PRIVTMP_TRACE' "$SHIM"
	run -0 grep -c 'PRIVTMP_TRACE' "$AUDIT_SHIM"
}
