# SPDX-License-Identifier: LGPL-2.1-or-later
# The lines of "PROGRAMS THAT OTHERS START" in privtmp(1), each as it stands there, but for
# the paths, given to what reads it or to what does the same.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded in there; each test is a subshell

load common
load run

setup() {
	NAME=privtmp-examples-$$-$RANDOM
	STRANGE='' # nothing for teardown to end
	not_nested_sanitizer
	DIR=$(scratch)
	LEGACY=$DIR/legacy
	printf '#!/bin/sh\necho x >/tmp/%s; ls -A /tmp | grep %s; [ -z "$1" ] || exit "$1"\n' \
		"$NAME" "$NAME" >"$LEGACY"
	chmod 755 "$LEGACY"
	mkdir "$DIR/bin"
	ln -s "$PRIVTMP" "$DIR/bin/privtmp"
	PATH=$DIR/bin:$PATH
	# Without it, others can see it.
	run -0 "$LEGACY"
	assert_output "$NAME"
	[[ -e /tmp/$NAME ]]
	rm "/tmp/$NAME"
}

# recipe NAME: the block of that name, as a reader sees it, with this test's paths.
recipe() {
	awk -v mark=".\\\\\" recipe $1" '
		$0 == mark { marked = 1; next }
		marked && /^\.EX/ { inside = 1; next }
		/^\.EE/ { inside = marked = 0 }
		inside' "$PRIVTMP_SOURCE/tools/man/privtmp.1" |
		sed "s/\\\\-/-/g; s,/usr/bin/privtmp,$PRIVTMP,g; s,/usr/local/bin/legacy,$LEGACY,g" \
			>"$DIR/recipe"
	[[ -s $DIR/recipe ]] || fail "privtmp(1) has no recipe $1"
}

# private: what has been run has seen its file, and nobody else does.
private() {
	assert_output "$NAME"
	[[ ! -e /tmp/$NAME ]]
	assert_no_session
}

@test "each recipe of the manual is tried here" {
	local name

	sed -n 's/^\.\\" recipe //p' "$PRIVTMP_SOURCE/tools/man/privtmp.1" >"$DIR/names"
	[[ $(wc -l <"$DIR/names") -gt 9 ]]
	while read -r name; do
		grep -q "^	recipe $name\$" "$PRIVTMP_SOURCE/tests/examples.bats" ||
			fail "$name is not tried"
	done <"$DIR/names"
}

@test "at" {
	recipe at
	# It hands its standard input to sh, in another environment.
	printf '#!/bin/sh\n[ "$*" = "now + 1 hour" ] && exec env -i PATH="$PATH" sh\n' >"$DIR/bin/at"
	chmod 755 "$DIR/bin/at"
	run -0 sh "$DIR/recipe"
	private
}

@test "logrotate" {
	recipe logrotate
	if [[ $(id -u) -eq 0 ]] && command -v logrotate >/dev/null; then
		sed -i "s,/var/log,$DIR,; s,weekly,su root root," "$DIR/recipe"
		echo old >"$DIR/legacy.log"
		chmod 755 "$DIR"
		run -0 logrotate --force --state "$DIR/state" "$DIR/recipe"
		[[ ! -e $DIR/legacy.log ]]
	else
		run -0 sh -c "$(sed -n '/postrotate/,/endscript/{//!p}' "$DIR/recipe")"
	fi
	private
}

@test "inetd" {
	local words

	recipe inetd
	read -ra words <"$DIR/recipe"
	# Behind the path its arguments, of which the first is its name.
	run -0 bash -c 'exec -a "$2" "$1" "${@:3}"' bash "${words[@]:5}"
	private
}

@test "CGI" {
	recipe cgi
	sed 1d "$LEGACY" >>"$DIR/recipe"
	chmod 755 "$DIR/recipe"
	# By its name in its directory, as servers do.
	cd "$DIR"
	run -0 env -i GATEWAY_INTERFACE=CGI/1.1 PATH=:/usr/bin:/bin recipe
	private
}

@test "sshd" {
	local command

	recipe sshd
	command=$(sed -n 's/^	ForceCommand //p' "$DIR/recipe")
	# It gives that to the user's shell.
	run -0 env SHELL=/bin/sh SSH_ORIGINAL_COMMAND="$LEGACY" /bin/sh -c "$command"
	private
	run -3 env SHELL=/bin/sh SSH_ORIGINAL_COMMAND="$LEGACY 3; exit 3" /bin/sh -c "$command"
	run -0 env SHELL=/bin/sh HOME="$DIR" PATH="$PATH" /bin/sh -c "$command" <<<"$LEGACY"
	assert_line "$NAME"
	if [[ -x /usr/sbin/sshd ]]; then
		run -0 /usr/sbin/sshd -T -f "$DIR/recipe" -C user=x,host=x,addr=1.2.3.4 -h \
			<(ssh-keygen -q -t ed25519 -N '' -f "$DIR/key" && cat "$DIR/key") ||
			[[ $output == *"no hostkeys"* ]]
	fi
}

@test "sudo" {
	recipe sudo
	run -0 sh -c "$(sed 's/^.*(root) //' "$DIR/recipe")"
	private
	if command -v visudo >/dev/null; then
		run -0 visudo -c -f "$DIR/recipe"
	fi
}

# A Java program and jcmd, as far as meeting goes.
java_kin() {
	printf '#!/bin/sh\necho x >/tmp/.java_pid$$; echo $$; exec sleep 60\n' >"$DIR/bin/java"
	printf '#!/bin/sh\ncat "/tmp/.java_pid$1"\n' >"$DIR/bin/jcmd"
	chmod 755 "$DIR/bin/java" "$DIR/bin/jcmd"
}

@test "Java's attach: jcmd in the session, or names that stay shared" {
	local member

	java_kin
	LOG=$DIR/log
	start privtmp run -- java Legacy
	wait_until 10 grep -q '[0-9]' "$LOG"
	member=$(cat "$LOG")
	STRANGE+=" $member"
	run ! jcmd "$member" Thread.print
	recipe java-enter
	PID=$member run -0 sh -c "PID=$member; $(cat "$DIR/recipe")"
	assert_output x
	kill "$member"
	ends "$PID" 143
	recipe java-share
	rm "$LOG"
	start sh -c "exec $(cat "$DIR/recipe")"
	wait_until 10 grep -q '[0-9]' "$LOG"
	member=$(cat "$LOG")
	STRANGE+=" $member"
	run -0 jcmd "$member" Thread.print
	assert_output x
	rm "/tmp/.java_pid$member"
	kill "$member"
	ends "$PID" 143
	assert_no_session
}

@test "ssh-agent" {
	recipe ssh-agent
	command -v ssh-agent >/dev/null || skip "needs ssh-agent"
	# The agent has rights of its own, the group's: root's comes in by the mount door, a
	# user's stays outside.
	if [[ $(id -u) -eq 0 ]]; then
		need_users
		run sh "$DIR/recipe"
		assert_line "The agent has no identities."
		run as_user sh "$DIR/recipe"
	else
		run sh "$DIR/recipe"
	fi
	assert_line "The agent has no identities."
	assert_line --regexp "^echo Agent pid [0-9]+ killed;|^unset SSH_AUTH_SOCK;"
	assert_no_session
}

@test "CI runners" {
	local shell

	recipe ci
	shell=$(sed -n 's/^ *shell: //p' "$DIR/recipe")
	printf 'false\n' >"$DIR/step"
	# It puts the file with the step's commands in the place of {0}.
	run -1 sh -c "${shell/'{0}'/$DIR/step}"
	run -0 sh -c "${shell/'{0}'/$LEGACY}"
	private
}

@test "agents, side by side" {
	recipe agent
	run -0 sh -c "$(cat "$DIR/recipe")"
	private
	# Two at once, which use one name; and one that fails.
	run -0 bash -c '. "$1" & . "$1"; wait' bash "$DIR/recipe"
	assert_output "$NAME
$NAME"
	run -3 sh -c "$(cat "$DIR/recipe") 3"
	assert_output --partial "kept; privtmp sweep --all removes it"
	"$PRIVTMP" sweep --all --own
	assert_no_session
}
