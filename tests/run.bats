# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016,SC2030,SC2031 # expanded by inner shells; each test is a subshell, and its teardown too
#
# privtmp run: what it passes on, what it says, and what it leaves.

load common
load run

# -- Status -------------------------------------------------------------------

@test "the command's exit status is run's own" {
	local status

	for status in 0 1 7 255; do
		run -"$status" "${RUN[@]}" sh -c "exit $status"
		assert_output ""
	done
	assert_no_session 0
}

@test "a command that a signal kills gives 128 and the signal's number" {
	local number

	# The sanitizers make an exit of a SIGSEGV.
	for number in 1 9 ${PRIVTMP_SANITIZER:-11} 15; do
		[[ $number != /* ]] || continue
		run -$((128 + number)) "${RUN[@]}" sh -c "echo x >/tmp/$NAME; kill -$number \$\$"
	done
	assert_no_session 0
}

@test "a command that is not there gives 127 and a line that says so" {
	run -127 "${RUN[@]}" "no-such-$NAME"
	one_line "no-such-$NAME: no such command"
	run -127 "${RUN[@]}" "/no/such/$NAME"
	one_line "/no/such/$NAME: no such command"
	run -127 "${RUN[@]}" ""
	one_line "'': no such command"
	run -127 env PATH=/nowhere "${RUN[0]}" "${RUN[@]:1}" sh
	assert_no_session 0
}

@test "a command that may not be run gives 126 and a line that says why" {
	local dir

	dir=$(scratch)
	echo text >"$dir/plain"
	run -126 "${RUN[@]}" "$dir/plain"
	one_line "$dir/plain: cannot be run: Permission denied"
	run -126 "${RUN[@]}" "$dir"
	one_line "$dir: cannot be run"
	printf '#!/no/such/interpreter\n' >"$dir/script"
	chmod +x "$dir/script"
	run -126 "${RUN[@]}" "$dir/script"
	one_line "/no/such/interpreter: cannot be run"
	assert_no_session 0
}

@test "a file in no known format is run by the shell, as execvp does" {
	local dir

	dir=$(scratch)
	echo "echo \"shell \$1\"; exit 5" >"$dir/plain"
	chmod +x "$dir/plain"
	run -5 "${RUN[@]}" "$dir/plain" word
	assert_output "shell word"
}

@test "an unknown option, a wrong word and no command give 125 and the way out" {
	run -125 "${RUN[@]}" --no-such-option true
	one_line "--no-such-option: unknown option; see privtmp run --help"
	run -125 "${RUN[@]}" --keep sometimes true
	one_line "use never, failure or always"
	run -125 "${RUN[@]}" --guard relative true
	one_line "not an absolute path"
	run -125 "${RUN[@]}" --guard
	one_line "needs an argument"
	run -125 "${RUN[@]}"
	one_line "no command given"
	assert_no_session 0
}

@test "what is wrong with an option is told of that option, whatever stands before it" {
	local word

	for word in -x -xv -vx; do
		run -125 "${RUN[@]}" "$word" true
		one_line "privtmp: -x: unknown option; see privtmp run --help"
	done
	run -125 "${RUN[@]}" --verbose=yes true
	one_line "--verbose=yes: takes no argument; see"
	run -2 "${TOOL[@]}" check-config -v
	one_line "-v: unknown option; see"
	run -2 "${TOOL[@]}" --guard
	one_line "--guard: unknown option; see"
}

@test "a command that cannot be run is told with a cause and a remedy of its own" {
	cd "$BATS_TEST_TMPDIR"
	mkdir directory closed
	ln -s loop loop
	echo >plain
	run -126 "${RUN[@]}" ./directory
	one_line "./directory: cannot be run: Is a directory (21); name a program"
	run -126 "${RUN[@]}" ./loop
	one_line "(40); check its links"
	run -126 "${RUN[@]}" ./plain
	one_line "(13); check its permissions"
	run -2 "${TOOL[@]}" status ./plain
	one_line "./plain: cannot be run: Permission denied (13); check its permissions"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || return 0 # it would come by env, which PATH lacks
	need_users
	cd /
	chmod 700 "$BATS_TEST_TMPDIR/closed"
	run -126 as_user env PATH="$BATS_TEST_TMPDIR/closed" "$PRIVTMP" run "no-such-$NAME"
	one_line "check its permissions, and those of what PATH names"
}

@test "options after the command are the command's" {
	run -0 "${RUN[@]}" echo --help --keep
	assert_output -- "--help --keep"
	run -0 "${RUN[@]}" -- echo -v
	assert_output -- "-v"
}

@test "each option that --help shows is known, and the version is told" {
	local option

	run -0 "$PRIVTMP" run --help
	for option in guard share root scope keep onfail backend verbose help version; do
		assert_output --partial -- "--$option"
	done
	run -0 "${RUN[@]}" --guard /opt --share /tmp/x --scope tree --keep never \
		--onfail deny --backend auto --verbose true
	run -0 "$PRIVTMP" --version
	assert_output --regexp '^privtmp [0-9]'
	run -0 "$PRIVTMP" run --version
	assert_output --regexp '^privtmp [0-9]'
}

@test "help that cannot be written is a failure" {
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -1 sh -c '"$0" run --help >/dev/full' "$PRIVTMP"
	one_line "standard output: cannot be written"
	# shellcheck disable=SC2016
	run -1 sh -c '"$0" run --help >&-' "$PRIVTMP"
	one_line "standard output: cannot be written: Bad file descriptor"
}

@test "help's texts are in one column, below what is wider" {
	run -0 "$PRIVTMP" run --help
	assert_line --regexp "^      --guard DIR {20}guard this"
	assert_line --regexp "^      --uncovered auto\|mount\|confine\|deny\|warn$"
	assert_line --regexp "^ {37}what to do with programs"
	run -0 "$PRIVTMP" list --help
	assert_line --index 0 "Usage: privtmp list [OPTION]..."
}

# -- Streams and descriptors -----------------------------------------------------

@test "what goes in and comes out is not touched" {
	local dir

	dir=$(scratch)
	head -c 300000 /dev/urandom >"$dir/in"
	"${RUN[@]}" sh -c 'cat; echo error >&2' <"$dir/in" >"$dir/out" 2>"$dir/err"
	run -0 cmp "$dir/in" "$dir/out"
	run -0 cat "$dir/err"
	assert_output error
}

@test "a stream that was closed is closed" {
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 sh -c '"$@" <&-' sh "${RUN[@]}" sh -c '[ ! -e /proc/$$/fd/0 ] && echo closed'
	assert_output closed
	# shellcheck disable=SC2016
	run -0 sh -c '"$@" >&-' sh "${RUN[@]}" sh -c '[ ! -e /proc/$$/fd/1 ]'
	assert_output ""
}

@test "the command has the descriptors that it would have had" {
	# shellcheck disable=SC2016 # expanded by the inner shell
	local list='ls /proc/$$/fd'

	run -0 sh -c "$list"
	expected=$output
	run -0 "${RUN[@]}" sh -c "$list"
	assert_output "$expected"
	not_nested_sanitizer
	run -0 "${RUN[@]}" "${RUN[@]}" sh -c "$list"
	assert_output "$expected"
}

@test "signals that were ignored or blocked are so for the command" {
	local -a odd=(env "--ignore-signal=CHLD,PIPE,USR1" "--block-signal=USR2,ALRM")

	"${odd[@]}" true 2>/dev/null || skip "needs an env(1) with --block-signal"
	run -0 "${odd[@]}" grep -E '^Sig(Blk|Ign)' /proc/self/status
	expected=$output
	run -0 "${odd[@]}" "${RUN[@]}" grep -E '^Sig(Blk|Ign)' /proc/self/status
	assert_output "$expected"
	# It has been waited for nevertheless.
	run -9 "${odd[@]}" "${RUN[@]}" sh -c 'exit 9'
}

# -- LD_PRELOAD --------------------------------------------------------------------

@test "other preloaded libraries stay, behind the shim" {
	run -0 env "LD_PRELOAD=${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER:}libm.so.6 libdl.so.2" \
		"$PRIVTMP" run printenv LD_PRELOAD
	assert_output "${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER:}$SHIM:libm.so.6:libdl.so.2"
}

@test "a shim that is preloaded already is there once" {
	run -0 env "LD_PRELOAD=${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER:}libm.so.6:$SHIM" \
		"$PRIVTMP" run printenv LD_PRELOAD
	assert_output "${PRIVTMP_SANITIZER:+$PRIVTMP_SANITIZER:}$SHIM:libm.so.6"
}

@test "around privtmp itself the shim stands aside" {
	# shimmed would have it make its session inside another one's /tmp.
	run -0 shimmed "$PRIVTMP" run sh -c "echo x >/tmp/$NAME; ls /tmp"
	assert_output "$NAME"
	assert_no_session
}

# -- The session's end -------------------------------------------------------------------

@test "run returns when the last process of the session has ended" {
	SECONDS=0
	run -3 "${RUN[@]}" sh -c "(sleep 2; echo late >/tmp/$NAME; cat /tmp/$NAME) & exit 3"
	assert_output late
	((SECONDS >= 1))
	assert_no_session 0
}

@test "who does not want to wait for that ends the waiting by a signal" {
	local child

	start "${RUN[@]}" sh -c "echo x >/tmp/$NAME; sleep 60 & echo ready \$!; exit 3"
	wait_until 10 logged ready
	child=$(sed -n 's/^ready //p' "$LOG")
	STRANGE+=" $child"
	wait_until 10 childless "$PID" sh
	kill -INT "$PID" # ignored, as in every background job of a script
	kill -TERM "$PID"
	ends "$PID" 3
	is_running "$child"
	[[ -n $(new_sessions) ]]
	kill "$child"
	assert_no_session 10
}

@test "what cannot be removed is named" {
	need_worlds
	run -0 world mode=1777 "${RUN[@]}" sh -c 'mkdir /tmp/dir; mount -t tmpfs inner /tmp/dir'
	one_line "/dir: cannot be removed: Device or resource busy"
}

@test "--keep always keeps the files and says where" {
	local root

	run -0 "${RUN[@]}" --keep always sh -c "echo kept >/tmp/$NAME"
	one_line kept
	root=${output#privtmp: }
	root=${root%%:*}
	assert_equal "$(cat "$root"/*/"tmp/$NAME")" kept
	run -0 "$PRIVTMP" sweep
	[[ -e $(echo "$root"/*/tmp/"$NAME") ]]
	run -0 "$PRIVTMP" sweep --all
	assert_no_session 0
}

@test "--keep failure keeps the files of a command that fails, and of no other" {
	run -0 "${RUN[@]}" --keep failure sh -c "echo x >/tmp/$NAME"
	assert_output ""
	assert_no_session 0
	run -4 "${RUN[@]}" --keep failure sh -c "echo x >/tmp/$NAME; exit 4"
	one_line kept
	sleep 0.3 # for what stands by to make its mistake
	[[ -n $(new_sessions) ]]
	run -0 "$PRIVTMP" sweep --all
	assert_no_session 0
}

# -- Policy ---------------------------------------------------------------------------------

@test "more directories than can be guarded are refused in a line that says so" {
	run -125 "${RUN[@]}" "--guard=/srv/"{1..20} true
	one_line "/srv/20: Invalid argument (22); name fewer directories"
}

@test "--guard makes further directories private, and /tmp stays so" {
	local dir

	dir=$(scratch)
	run -0 "${RUN[@]}" --guard "$dir" sh -c "echo a >'$dir/a'; echo b >/tmp/$NAME; ls '$dir' /tmp"
	assert_line a
	assert_line "$NAME"
	[[ ! -e $dir/a && ! -e /tmp/$NAME ]]
	assert_no_session 0
}

@test "an empty --guard drops the defaults" {
	local dir

	dir=$(scratch)
	run -0 "${RUN[@]}" --guard '' --guard "$dir" sh -c "echo a >'$dir/a'; echo b >/tmp/$NAME"
	[[ ! -e $dir/a && -e /tmp/$NAME ]]
	assert_equal "$(find "$dir" -mindepth 1)" ""
}

@test "--share leaves what it names in the shared directory" {
	run -0 "${RUN[@]}" --share "/tmp/$NAME*" sh -c "echo a >/tmp/$NAME; echo b >/tmp/other-$NAME"
	[[ -e /tmp/$NAME && ! -e /tmp/other-$NAME ]]
}

@test "--root puts all backings into a directory of one's own" {
	local dir

	dir=$(scratch)
	chmod 700 "$dir"
	run -0 "${RUN[@]}" --root "$dir" sh -c "echo a >/tmp/$NAME; echo b >/var/tmp/$NAME
		find '$dir' -type f"
	assert_line --regexp "^$dir/.privtmp-[^/]*/[^/]*/tmp/$NAME\$"
	assert_line --regexp "^$dir/.privtmp-[^/]*/[^/]*/var/tmp/$NAME\$"
	assert_equal "$(find "$dir" -mindepth 1)" ""
}

@test "options go before the environment, and both hold for what the command starts" {
	run -0 env PRIVTMP_KEEP=always PRIVTMP_SHARE="/tmp/$NAME" \
		"${RUN[@]}" --keep never sh -c "echo a >/tmp/$NAME"
	assert_output ""
	[[ -e /tmp/$NAME ]]
	assert_no_session 0
}

@test "with --scope process each program has a /tmp of its own" {
	run -0 "${RUN[@]}" --scope process sh -c "echo a >/tmp/$NAME; ls /tmp; cat </tmp/$NAME"
	assert_output a
	assert_no_session
	run -0 "${RUN[@]}" --scope tree sh -c "echo a >/tmp/$NAME; ls /tmp"
	assert_output "$NAME"
}

@test "PRIVTMP_MODE=off runs the command as it is" {
	run -7 env PRIVTMP_MODE=off "${RUN[@]}" sh -c "echo a >/tmp/$NAME; exit 7"
	[[ -e /tmp/$NAME ]]
}

# -- Where no session can be had -----------------------------------------------------------

@test "a read-only /tmp is refused in one line, and passed if so wished" {
	need_worlds
	run -125 world ro "${RUN[@]}" true
	one_line "/tmp: no private directory can be made here: Read-only file system"
	run -6 world ro "${RUN[@]}" --onfail pass sh -c 'exit 6'
	assert_output --partial "runs unprotected"
}

@test "a root that is no directory is refused in one line, with what it has to be" {
	local file

	file=$(scratch)/file
	: >"$file"
	# Whoever may write to it: that is no question then.
	for file in "$file" /dev/null; do
		run -125 "${RUN[@]}" --root "$file" true
		one_line "$file: no private directory can be made here: Not a directory (20); make it a directory"
	done
}

@test "a root in which nobody can make a directory is not said to be missing" {
	[[ -d /proc/self ]] || skip "needs /proc"
	run -125 "${RUN[@]}" --root /proc true
	one_line "/proc: no private directory can be made here: No such file or directory (2); set"
}

@test "a full /tmp is refused in one line" {
	need_worlds
	run -125 world mode=1777,nr_inodes=1 "${RUN[@]}" true
	one_line "/tmp: no private directory can be made here: No space left"
	# Room for the directory, but not for what comes into it.
	run -125 world mode=1777,nr_inodes=2 "${RUN[@]}" true
	one_line "/tmp: no private directory can be made here: No space left"
}

@test "where no file may be written to, that limit is named" {
	local size

	need_users
	# As root it could be raised.
	for size in 0 1 100; do
		run -125 as_user prlimit --fsize="$size" "${RUN[@]}" true
		one_line "/tmp: no private directory can be made here: File too large (27); raise the limit of files' sizes (ulimit -f)"
	done
}

@test "a /tmp that others can change and that is not sticky is refused" {
	need_worlds
	run -125 world mode=0777 "${RUN[@]}" true
	one_line "/tmp: no private directory can be made here"
	assert_output --partial sticky
}

@test "a /tmp that the user may not write to is refused" {
	need_worlds
	need_users
	run -125 world mode=0755 setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
		--inh-caps=-all -- "${RUN[@]}" true
	one_line "/tmp: no private directory can be made here: Permission denied"
}

@test "without a shim to load nothing is run" {
	local dir

	dir=$(scratch)
	[[ ! -e $(configured libdir)/libprivtmp.so ]] || skip "there is an installed one"
	cp "$PRIVTMP" "$dir/privtmp"
	run -125 "$dir/privtmp" run sh -c "echo x >/tmp/$NAME"
	assert_line --partial "the shim is not there"
	[[ ! -e /tmp/$NAME ]]
}

@test "without the mount door's program, a command that needs it is refused, and why" {
	local dir

	not_nested_sanitizer
	dir=$(scratch)
	[[ ! -e $(configured libexecdir)/privtmp/privtmp-door ]] ||
		skip "there is an installed one"
	mkdir -p "$dir/tools" "$dir/shim/.libs"
	cp "$PRIVTMP" "$PRIVTMP_BUILD/tools/reaper" "$dir/tools"
	cp "$SHIM" "$dir/shim/.libs/libprivtmp.so"
	run -125 "$dir/tools/privtmp" run --backend mount true
	assert_output "privtmp: $(type -P true): the mount door does not open: its program is not there; install privtmp again"
	run -0 "$dir/tools/privtmp" run true
	assert_output ""
}

@test "a shim whose path LD_PRELOAD cannot name is told" {
	local dir

	dir="$(scratch)/a b"
	mkdir -p "$dir/tools" "$dir/shim/.libs"
	cp "$PRIVTMP" "$dir/tools"
	cp "$SHIM" "$dir/shim/.libs"
	run -125 "$dir/tools/privtmp" run true
	one_line "LD_PRELOAD cannot name a path with a space or colon"
}

# -- Inside a session ---------------------------------------------------------------------

@test "run inside a session has a session of its own" {
	not_nested_sanitizer
	run -0 "${RUN[@]}" sh -c "echo outer >/tmp/$NAME; ${RUN[*]} sh -c 'ls -A /tmp; echo inner >/tmp/inner'
		ls -A /tmp"
	assert_output "$NAME"
	assert_no_session 0
}

@test "run inside a session finds the session's programs, not those that others planted" {
	not_nested_sanitizer
	printf '#!/bin/sh\necho planted\n' >"/tmp/$NAME"
	chmod +x "/tmp/$NAME"
	# Without privtmp around it, that is the one which is meant.
	run -0 "${RUN[@]}" --share "/tmp/$NAME" "/tmp/$NAME"
	assert_output planted
	run -0 "${RUN[@]}" sh -c "cp $ECHO /tmp/$NAME; ${RUN[*]} /tmp/$NAME good
		cd /tmp; ${RUN[*]} ./$NAME good; PATH=/tmp:\$PATH; ${RUN[*]} $NAME good"
	assert_output "$(printf 'good\ngood\ngood')"
	run -127 "${RUN[@]}" "${RUN[@]}" "/tmp/$NAME"
	refute_output --partial planted
}

@test "a command that starts in /tmp starts in its private one" {
	cd /tmp
	run -0 "${RUN[@]}" sh -c "pwd; ls -A; echo x >$NAME; ls -A /tmp"
	assert_output "$(printf '/tmp\n%s' "$NAME")"
	[[ ! -e /tmp/$NAME ]]
}

@test "a script in /tmp, which its interpreter could not find, is told" {
	printf '#!/bin/sh\necho script\n' >"/tmp/$NAME"
	chmod +x "/tmp/$NAME"
	run -126 "${RUN[@]}" "/tmp/$NAME"
	one_line "/tmp/$NAME: a script in a guarded directory"
	run -0 "${RUN[@]}" --share "/tmp/$NAME" "/tmp/$NAME"
	assert_output script
	assert_no_session 0
}

@test "a script whose interpreter others may have put into /tmp is told, and not run" {
	local dir line

	dir=$(scratch)
	cp "$ECHO" "/tmp/$NAME"
	cd /
	for line in "/tmp/$NAME" "/usr/../tmp/$NAME" "tmp/$NAME"; do
		printf '#!%s planted\n' "$line" >"$dir/script"
		chmod +x "$dir/script"
		run -0 "$dir/script"
		assert_output "planted $dir/script"
		run -126 "${RUN[@]}" "$dir/script"
		refute_output --partial "planted $dir"
	done
	one_line "tmp/$NAME: the interpreter of a script, which lies in a guarded directory"
	run -0 "${RUN[@]}" --share "/tmp/$NAME" "$dir/script"
	assert_output "planted $dir/script"
	assert_no_session 0
}

@test "a session that the environment names wrongly is not believed" {
	local root=/tmp/.privtmp-0123456789abcdefghijkl

	need_users
	as_other mkdir -m 777 "$root" "$root/tmp"
	as_other sh -c "echo planted >'$root/tmp/$NAME'; touch '$root/lease'"
	run -0 env PRIVTMP_SESSION="1:0:0:$root" "${RUN[@]}" sh -c "ls -A /tmp; echo ours"
	as_other rm -rf "$root"
	assert_output ours
	assert_no_session 0
}

@test "a lease taken by a cleaner and a killed helper let run remove nothing under a member" {
	local root

	start "${RUN[@]}" sh -c "echo kept >/tmp/x; echo ready; (sleep 3; read -r it </tmp/x; echo \$it) & exit 0"
	wait_until 10 logged ready
	root=$(new_sessions | grep '^/tmp/')
	rm -f "$root/lease"
	kill -KILL "$(helper_of "$root")"
	ends "$PID" 0 15
	logged kept
	assert_no_session
}
