# SPDX-License-Identifier: LGPL-2.1-or-later
# Each place in the commands that allocates, or makes a system call, fails once: the command
# ends by itself, does all that it does without or says what it does not, and leaves nothing.
# See progs/tool_faults.c and checker_faults.c; a sample of all calls, by number, is in ../faults.bats.
#
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a subshell; common.bash

load ../common

setup() {
	need_own_tmp
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' own calls would fail, too"
	# A build tree, as far as the command looks for what it starts.
	DIR=$(scratch)
	mkdir -p "$DIR/tools" "$DIR/shim" "$DIR/cwd"
	cp "$PROGS/tool_faults" "$DIR/tools/privtmp"
	ln -s "$PRIVTMP_BUILD"/tools/{reaper,privtmp-door,checker,where} "$DIR/tools"
	ln -s "$PRIVTMP_BUILD/shim/.libs" "$DIR/shim"
	cd "$DIR/cwd" || return
	printf '#!/bin/sh\nexec cat /tmp/planted\n' >"$DIR/script"
	chmod +x "$DIR/script"
	printf 'guard = /tmp\nguard = /var/tmp\n[/usr/bin/dash]\nkeep = always\n' >"$DIR/conf"
	echo planted >/tmp/planted
	OUTER=
}

teardown() {
	# With it all of them, and the session's helper. It ignores other signals.
	if [[ -n ${OUTER:-} ]]; then
		kill -KILL "$OUTER"
		wait "$OUTER" || :
		SESSION=
		SESSIONS_BEFORE=
		wait_until 5 swept
	fi
	! has_own_tmp || rm -rf /tmp/planted
}

has_session() { [[ -s $(sessions_left)/lease ]]; }

# world [PROGRAM...]: processes of their own, so that no others are looked at; HOLDER is the
# first, and the next is PROGRAM.
world() {
	local what=("${@:-true}")

	[[ $EUID -eq 0 ]] || skip "needs root, for a namespace of processes"
	unshare --mount --pid --fork --mount-proc true || skip "needs a namespace of processes"
	unshare --mount --pid --fork --kill-child --mount-proc \
		sh -c '"$@" & echo $! >pid; exec sleep 1000' sh "${what[@]}" 3>&- &
	OUTER=$!
	wait_until 5 test -s pid
	HOLDER=$(pgrep -P "$OUTER")
	INSIDE=$(cat pid)
	rm pid
}

# hold: a session that is alive there, in SESSION.
hold() {
	world "$PRIVTMP" run -- sh -c 'echo x >/tmp/x; exec sleep 1000'
	wait_until 5 has_session
	SESSION=$(sessions_left)
	SESSIONS_BEFORE=$SESSION
}

shared_now() {
	find /tmp /var/tmp "$DIR/cwd" ! -path '*/.privtmp-*' \( -type d -printf '%p d %m\n' -o \
		-printf '%p %y %m %s\n' \) | sort
}

# each_fault WHAT COMMAND...: COMMAND, which makes them, has met some, and no problem.
each_fault() {
	LACKING=$1 run timeout -k 5 120 "${@:2}"
	[[ $status -ne 77 ]] || skip "faults cannot be made on this machine"
	[[ $status -eq 0 ]] || fail "$*: $output"
	[[ $output =~ ^[1-9][0-9]*\ faults,\ 0\ problems\;\ without:\ status\ [0-9]+$ ]] ||
		fail "$*: $output"
}

# each_place WHAT ARGUMENT...: of privtmp with these, whose status without a fault is 0, or
# WHOLE.
each_place() {
	local before

	before=$(shared_now)
	each_fault "$1" nsenter --target "$HOLDER" --mount --pid --wd="$PWD" -- \
		"$DIR/tools/privtmp" "${@:2}"
	[[ $output == *"; without: status ${WHOLE:-0}" ]] || fail "$*: $output"
	assert_equal "$(shared_now)" "$before"
	wait_until 5 swept || assert_no_session
}

# Half-made roots, whose helper has not been started, are not swept in their first minute.
swept() {
	find /tmp /var/tmp -maxdepth 1 -name '.privtmp-*' ! -path "${SESSION:-}" \
		-exec touch -d '-5 min' {} +
	"$PRIVTMP" sweep >/dev/null
	no_new_session
}

# each_line WHAT: the commands on standard input.
each_line() {
	local words

	while read -r -a words; do
		each_place "$1" "${words[@]//SESSION/${SESSION:-}}"
	done
}

@test "without memory, a command that looks says what it could not" {
	hold
	# A command line that could not be read is shown as an empty one.
	LACKING_STATUS=1 each_line memory <<-END
		list
		list --sort size
		status $INSIDE
	END
	each_line memory <<-END
		explain /tmp/a /etc/passwd
		check --format json $DIR/script
		doctor
		unit --dry-run nothing.service
		wrap --dry-run $DIR/script
		enter SESSION -- true
	END
}

@test "without memory, a command that starts others starts them, or says why not" {
	world
	each_line memory <<-END
		run --verbose -- sh -c :
		run --backend mount -- true
		run --backend mount --size-limit 1M -- true
		run --confine -- true
	END
}

@test "without memory, an audit finds what it does with memory, or fails" {
	local format

	world
	export LACKING_STATUS=1
	for format in text json sarif html; do
		each_place memory audit --fail-on note --format "$format" \
			--output "$BATS_TEST_TMPDIR/report" -- cat /tmp/planted
	done
}

@test "where a system call fails, a command that looks says what it could not" {
	hold
	export LACKING_STATUS=1
	# Nothing has covered it.
	WHOLE=1 each_place calls status ../script
	each_line calls <<-END
		list
		status $INSIDE
		explain /tmp/a /etc/passwd
		check-config $DIR/conf
		check $DIR/script
		unit --dry-run nothing.service
		wrap --dry-run $DIR/script
		list --format json
	END
}

# What wrap, and wrap --undo, begin with, and what may be left: a program that can be started.
wraps() {
	cp "$DIR/script" "$DIR/copy"
	export LACKING_AFTER="cd $DIR && test -x prog && if grep -q privtmp-real prog; then
		cmp -s prog.privtmp-real copy; else cmp -s prog copy; fi &&
		test -z \"\$(find . -maxdepth 1 -name '*prog*' ! -name prog ! -name prog.privtmp-real)\""
	export LACKING_BEFORE="cd $DIR && rm -f *prog* && cp script prog"
}

@test "where wrap, or its undoing, fails half-way, the program is still there, and whole" {
	world
	# dpkg would read of all packages each time.
	nsenter --target "$HOLDER" --mount -- sh -c 'test ! -d /var/lib/dpkg || {
		mount -t tmpfs dpkg /var/lib/dpkg && mkdir /var/lib/dpkg/info && : >/var/lib/dpkg/status; }'
	wraps
	each_place calls wrap "$DIR/prog"
	LACKING_BEFORE+=" && '$PRIVTMP' wrap $DIR/prog >/dev/null"
	each_place calls wrap --undo "$DIR/prog"
}

@test "where sweep fails half-way, it has removed nothing else, and the next one removes the rest" {
	world
	export LACKING_BEFORE="'$PRIVTMP' run --keep always -- sh -c 'mkdir /tmp/d; echo x >/tmp/d/x' 2>/dev/null"
	export LACKING_AFTER="touch -c -d '-5 min' /tmp/.privtmp-* /var/tmp/.privtmp-* 2>/dev/null
		'$PRIVTMP' sweep --all >/dev/null && test -z \"\$(ls -d /tmp/.privtmp-* 2>/dev/null)\""
	LACKING_STATUS=1 each_place calls sweep --all --verbose
	LACKING_STATUS=1 each_place memory sweep --all --verbose
}

@test "where a drop-in cannot be written or removed, none is there, or a whole one" {
	local dropin=$DIR/config/systemd/user/privtmp-faults.service.d

	world
	export XDG_CONFIG_HOME=$DIR/config
	mkdir -p "$DIR/config/systemd/user"
	printf '[Service]\nExecStart=/bin/true\n' >"$DIR/config/systemd/user/privtmp-faults.service"
	export LACKING_BEFORE="rm -rf $dropin"
	export LACKING_AFTER="test -z \"\$(ls -A $dropin 2>/dev/null)\" ||
		{ test \"\$(ls -A $dropin)\" = privtmp.conf && grep -q '^Environment=' $dropin/*; }"
	each_place calls unit --user --install privtmp-faults.service
	each_place memory unit --user --install privtmp-faults.service
	LACKING_BEFORE="'$PRIVTMP' unit --user --install privtmp-faults.service >/dev/null"
	each_place calls unit --user --remove privtmp-faults.service
	each_place memory unit --user --remove privtmp-faults.service
}

@test "where a system call fails, a command that starts others starts them, or says why not" {
	world
	each_line calls <<-END
		run --verbose -- sh -c :
		run --backend mount --size-limit 1M -- true
		run --confine -- true
	END
}

@test "where a system call fails, an audit finds what it does without, or fails" {
	world
	export LACKING_STATUS=1
	each_place calls audit --fail-on note -- cat /tmp/planted
	"$PRIVTMP" audit --trace "$DIR/trace" -- cat /tmp/planted
	each_place calls audit --read "$DIR/trace"
	each_place memory audit --read "$DIR/trace"
}

# each_of_checker WHAT ARGUMENT...: of what "check" executes, for a program that calls tmpnam
# and what else is in the directory.
each_of_checker() {
	each_fault "$1" "$DIR/tools/checker" "$2" all \
		"$PRIVTMP_BUILD/shim/.libs/libprivtmp.so" "" "${@:3}"
}

@test "where memory or a system call fails, check says what it could not look at" {
	local format

	[[ -x $PROGS/checker_faults ]] || skip "needs libelf"
	export LACKING_STATUS=1
	mkdir -p "$DIR/checked/below"
	cp "$DIR/script" "$DIR/checked/below"
	"${CC:-cc}" -w -o "$DIR/checked/prog" -x c - <<-'END'
		#include <stdio.h>
		#include <stdlib.h>
		int main(void) { return !fopen(tmpnam(NULL), "w"); }
	END
	rm "$DIR/tools/checker"
	cp "$PROGS/checker_faults" "$DIR/tools/checker"
	for format in text json sarif; do
		each_of_checker memory "$format" "$DIR/checked/prog" "$DIR/script"
		each_of_checker calls "$format" "$DIR/checked"
	done
}
