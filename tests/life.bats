# SPDX-License-Identifier: LGPL-2.1-or-later
# Whoever has been started inside a session keeps it, whatever has become of its
# parents, its descriptors and its image; and is the last one who does.

load common

setup() {
	OUT=$(scratch)/out
}

# steps NUMBER STEP...: the steps of life_steps.c, after which NUMBER processes
# have written "done", and the session has gone.
steps() {
	local number=$1

	shift
	shimmed "$PROGS/life_steps" "$OUT" "$@" 3>&- </dev/null
	wait_until 20 has_lines "$number" || fail "only: $(cat "$OUT")"
	run -0 sort -u "$OUT"
	assert_output "done"
	assert_no_session
}

has_lines() {
	[[ -e $OUT && $(wc -l <"$OUT") -ge $1 ]]
}

@test "a child keeps the session of a parent that has died" {
	steps 1 put a fork sleep 100 keep a put b keep b
}

@test "a daemon that closes everything by closefrom keeps its /tmp" {
	steps 1 put a fork setsid fork closefrom sleep 100 keep a put b fds 0
}

@test "a daemon that closes everything by close_range keeps its /tmp" {
	steps 1 put a fork setsid fork close_range sleep 100 keep a put b fds 0
}

@test "a daemon that closes everything one by one keeps its /tmp" {
	steps 1 put a fork setsid fork loop sleep 100 keep a put b fds 0
}

@test "a daemon made by daemon(3) keeps its /tmp" {
	steps 1 put a daemon sleep 100 keep a put b fork-exit keep b exec keep a
}

@test "a daemon that made no file before it was one has a /tmp" {
	steps 1 daemon closefrom put a exec sleep 100 keep a fds 0
}

@test "a daemon that executes itself again keeps its /tmp, and gets no descriptor" {
	steps 1 put a fork setsid fork closefrom exec sleep 50 fds 0 keep a exec fds 0 keep a
}

@test "parents that exit or _exit at once take nothing with them" {
	steps 1 put a fork keep a fork-exit keep a exec fork keep a fork-exit exec keep a \
		fork-exit fork-exit exec exec exec keep a
}

@test "a new image in a vfork child keeps the session" {
	steps 1 put a vfork keep a vfork sleep 50 keep a
}

@test "a child by vfork shares what its parent makes later" {
	steps 1 vfork put a exec keep a
}

@test "children of system, popen and posix_spawn outlive their parent in its /tmp" {
	steps 4 put a \
		system "fork sleep 100 keep a put system" \
		popen "sleep 100 keep a put popen" \
		spawn "sleep 100 keep a put spawn" \
		fork-exit sleep 200 keep system keep popen keep spawn
}

@test "a program that executes itself 200 times after its parent's death keeps its /tmp" {
	steps 1 put a fork execs 200 keep a
}

two_came() {
	[[ $(wc -l <"$OUT.2") -eq 2 ]]
}

@test "a shell's background jobs and pipelines keep its /tmp after it" {
	shimmed sh -c '
		echo a >/tmp/a
		(sleep 0.3; cat /tmp/a) >'"$OUT"' &
		{ sleep 0.1; cat /tmp/a; } | { cat; cat /tmp/a; } | cat >>'"$OUT.2"' &
		exit' 3>&- </dev/null
	wait_until 10 test -s "$OUT"
	wait_until 10 two_came
	run -0 cat "$OUT" "$OUT.2"
	assert_output $'a\na\na'
	assert_no_session
}

@test "nohup and setsid keep it" {
	shimmed sh -c 'echo a >/tmp/a; nohup setsid sh -c "sleep 0.3; cat /tmp/a >'"$OUT"'" &' \
		3>&- </dev/null >/dev/null 2>&1
	wait_until 10 test -s "$OUT"
	run -0 cat "$OUT"
	assert_output a
	assert_no_session
}

@test "what one command of a shell puts into /tmp is there for the next" {
	run -0 shimmed sh -c 'touch /tmp/a; mkdir /tmp/d; mv /tmp/a /tmp/d/b; ls /tmp/d'
	assert_output b
	assert_no_session
}

@test "the commands of a shell that never uses /tmp itself share one" {
	# A builtin would be the shell's own use of it.
	run -0 shimmed sh -c '/bin/true; cp /etc/hostname /tmp/a; cat /tmp/a >/dev/null && ls /tmp'
	assert_output a
	assert_no_session
}

@test "a program that does not use /tmp leaves nothing, however it is killed" {
	local signal

	for signal in TERM KILL SEGV; do
		shimmed sleep 20 3>&- &
		sleep 0.1
		kill -"$signal" $!
		wait $! || :
		[[ -z $(new_sessions) ]]
	done
}

@test "a static program that a member executes keeps the session for its children" {
	command -v busybox >/dev/null || skip "needs busybox"
	file -L "$(command -v busybox)" | grep -q 'statically linked' ||
		skip "this busybox is not static"
	run -0 shimmed sh -c 'echo a >/tmp/a
		exec busybox sh -c "/bin/sleep 0.1; /bin/cat /tmp/a; /bin/cat /tmp/a"'
	assert_output $'a\na'
	assert_no_session
}

@test "what programs see of it in their environment is one variable, and the same in each" {
	local all='env | grep -v "^\(PWD\|OLDPWD\|SHLVL\|_\)=" | sort' bare

	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 env -i PATH="$PATH" ALL="$all" bash -c 'eval "$ALL"'
	bare=$output
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 env -i PATH="$PATH" ALL="$all" LD_PRELOAD="$SHIM" bash -c '
		eval "$ALL" >/tmp/1
		cd /tmp && eval "$ALL" >2
		sh -c "$ALL" >3
		exec 5</dev/null
		(eval "$ALL") >4
		perl -e "system(\$ENV{ALL})" >5
		perl -e "open F, \$ENV{ALL} . q( |); print <F>" >6
		for n in 2 3 4 5 6; do
			cmp 1 $n
		done
		cat 1'
	assert_equal "$(grep -v 'LD_PRELOAD=\|PRIVTMP_SESSION=' <<<"$output")" "$bare"
	assert_equal "$(grep -c 'LD_PRELOAD=\|PRIVTMP_SESSION=' <<<"$output")" 2
	# Without an environment, too.
	run -0 shimmed sh -c 'for i in 1 2; do env -i /usr/bin/env; done | sort | uniq -c'
	assert_equal "${#lines[@]}" 2
	assert_line --regexp '^ +2 LD_PRELOAD='
	assert_line --regexp '^ +2 PRIVTMP_SESSION='
}

@test "the first process of a new pid namespace is the program's own" {
	unshare --pid --fork true || skip "needs pid namespaces"
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 shimmed unshare --pid --fork sh -c 'echo $$ >/tmp/a; (cat /tmp/a); (cat /tmp/a)'
	assert_output $'1\n1'
	run -0 shimmed unshare --pid sh -c 'echo 1 >/tmp/a; (cat /tmp/a; cat /tmp/a); :'
	assert_output $'1\n1'
	assert_no_session
}

@test "the end of a pid namespace that a program entered does not end its helper" {
	local pid init

	unshare --pid --fork true || skip "needs pid namespaces"
	unshare --pid --fork sleep 60 3>&- &
	pid=$!
	wait_until 5 pgrep -P "$pid" -x sleep >/dev/null
	init=$(pgrep -P "$pid" -x sleep)
	# shellcheck disable=SC2016 # expanded by the inner shell
	shimmed nsenter --pid="/proc/$init/ns/pid" sh -c 'echo 1 >/tmp/a; echo >"$0"; sleep 60' \
		"$OUT" 3>&- &
	wait_until 10 has_lines 1
	kill -KILL "$init"
	wait || :
	assert_no_session
}
