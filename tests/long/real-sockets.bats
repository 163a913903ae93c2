# SPDX-License-Identifier: LGPL-2.1-or-later
# Sockets in /tmp by which programs meet: the server outside and its client under the
# shim, and the other way round; what is shared by default, what the environment names,
# and what --share names.
#
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load ../common
load ../run
load ../real/lib

setup() {
	need_own_tmp
	not_nested_sanitizer
	STRANGE='' # the servers, for teardown to end
	RUN=("$PRIVTMP" run --)
	LOG=$BATS_TEST_TMPDIR/log
	HOME=$BATS_TEST_TMPDIR
	export HOME
	unset SSH_AUTH_SOCK DISPLAY XAUTHORITY TMUX DBUS_SESSION_BUS_ADDRESS
}

teardown() {
	local pid

	for pid in $STRANGE; do
		kill "$pid" 2>/dev/null || :
	done
	for pid in $STRANGE; do
		wait_until 5 gone "$pid" || kill -KILL "$pid" 2>/dev/null || :
	done
	find /tmp /var/tmp -mindepth 1 -delete
}

# bare COMMAND...: under the shim alone.
bare() { shimmed "$@"; }

# private NAME: a session has this, and the shared /tmp does not.
private() {
	[[ ! -e /tmp/$1 ]] && compgen -G "/tmp/.privtmp-*/*/tmp/$1"
}

# -- X11 ---------------------------------------------------------------------------

# x_server [COMMAND...]: start Xvfb on DISPLAY. In a network namespace of its own there is
# no abstract socket that could be in the way, nor one for clients to fall back on.
x_server() {
	export DISPLAY=:99
	unshare --net "$@" Xvfb "$DISPLAY" -nolisten tcp >"$LOG" 2>&1 3>&- &
	STRANGE+=" $!"
	wait_until 15 unshare --net xdpyinfo >/dev/null 2>&1 || fail "no Xvfb: $(cat "$LOG")"
}

need_x() {
	need Xvfb xdpyinfo
	[[ $(id -u) -eq 0 ]] || skip "needs root, for a network namespace without abstract sockets"
	unshare --net true 2>/dev/null || skip "needs a network namespace"
}

@test "X11: a client under the shim finds the server's socket" {
	need_x
	x_server
	[[ -S /tmp/.X11-unix/X99 ]]
	run -0 unshare --net "${RUN[@]}" xdpyinfo
	assert_line --partial "name of display:    $DISPLAY"
	run -0 unshare --net env LD_PRELOAD="$SHIM" xdpyinfo
	assert_line --partial "name of display:    $DISPLAY"
	# It is the sharing that does it.
	run -1 unshare --net "$PRIVTMP" run --share '' xdpyinfo
	assert_output --partial "unable to open display"
	assert_no_session
}

@test "X11: a server under the shim is found from outside, and takes no number twice" {
	need_x
	x_server env LD_PRELOAD="$SHIM"
	[[ -S /tmp/.X11-unix/X99 && -e /tmp/.X99-lock ]]
	run -0 unshare --net xdpyinfo
	assert_line --partial "name of display:    $DISPLAY"
	run -0 unshare --net "${RUN[@]}" xdpyinfo
	# By the lock file alone: in here there is nothing else to see of the first one.
	run -1 timeout 20 unshare --net "${RUN[@]}" Xvfb "$DISPLAY" -nolisten tcp
	assert_output --partial "Server is already active for display 99"
	run -0 unshare --net xdpyinfo
}

# -- ssh-agent ---------------------------------------------------------------------

@test "ssh-agent: a client under the shim reaches the agent that the environment names" {
	need ssh-agent ssh-add ssh-keygen
	eval "$(ssh-agent -s)" >/dev/null
	STRANGE+=" $SSH_AGENT_PID"
	[[ $SSH_AUTH_SOCK == /tmp/ssh-* ]]
	ssh-keygen -q -t ed25519 -N '' -C outside -f "$HOME/key"
	ssh-add -q "$HOME/key"
	run -0 "${RUN[@]}" ssh-add -l
	assert_output --partial outside
	run -0 bare sh -c 'touch /tmp/x; ssh-add -l; ls -A /tmp'
	assert_line --partial outside
	assert_line x
	# By default the directories of agents are shared, whatever the environment names.
	run -0 env PRIVTMP_SHARE=/tmp/x SSH_AUTH_SOCK= "${RUN[@]}" \
		env SSH_AUTH_SOCK="$SSH_AUTH_SOCK" ssh-add -l
	assert_output --partial outside
	# It is the sharing that does it.
	run -2 env SSH_AUTH_SOCK= "$PRIVTMP" run --share '' \
		env SSH_AUTH_SOCK="$SSH_AUTH_SOCK" ssh-add -l
	assert_output --partial "Error connecting to agent: No such file"
	assert_no_session
}

@test "ssh-agent: a directory of agents that another user's link stands for is refused" {
	need ssh-agent ssh-add
	need_users
	local link=/tmp/ssh-PlantedLinks

	eval "$(ssh-agent -s)" >/dev/null
	STRANGE+=" $SSH_AGENT_PID"
	as_other ln -s "${SSH_AUTH_SOCK%/*}" "$link"
	if link_attacks_work >/dev/null; then
		run -1 env SSH_AUTH_SOCK="$link/${SSH_AUTH_SOCK##*/}" ssh-add -l
		assert_output "The agent has no identities."
	fi
	run -2 env SSH_AUTH_SOCK= "${RUN[@]}" \
		env SSH_AUTH_SOCK="$link/${SSH_AUTH_SOCK##*/}" ssh-add -l
	assert_output "Error connecting to agent: Permission denied"
	assert_no_session
}

@test "ssh-agent under the shim: others reach it only where its directory is shared" {
	need ssh-agent ssh-add
	local shares socket options

	# The installed one is set-group-ID, out of reach of the shim.
	cp "$(command -v ssh-agent)" "$HOME/agent"
	for shares in default none; do
		rm -f "$HOME/name" "$HOME/go"
		options=()
		[[ $shares == default ]] || options=(--share '')
		# shellcheck disable=SC2016
		start "$PRIVTMP" run "${options[@]}" sh -c '
			eval "$("$HOME/agent" -s)" >/dev/null
			ssh-add -l
			echo "$SSH_AUTH_SOCK" >"$HOME/name.new" && mv "$HOME/name.new" "$HOME/name"
			while ! [ -e "$HOME/go" ]; do sleep 0.1; done
			"$HOME/agent" -k >/dev/null'
		wait_until 10 test -e "$HOME/name"
		socket=$(cat "$HOME/name")
		[[ $socket =~ ^/tmp/ssh-[^/]*/agent\.[0-9]*$ ]]
		run cat "$LOG"
		assert_output "The agent has no identities."
		if [[ $shares == default ]]; then
			[[ -S $socket ]]
			run -1 env SSH_AUTH_SOCK="$socket" ssh-add -l
			assert_output "The agent has no identities."
		else
			private "${socket#/tmp/}"
			run -2 env SSH_AUTH_SOCK="$socket" ssh-add -l
		fi
		touch "$HOME/go"
		ends "$PID" 0
		[[ ! -e $socket ]]
	done
	assert_no_session
}

# -- tmux --------------------------------------------------------------------------

@test "tmux: a client under the shim reaches the server in which it was started" {
	need tmux
	local socket=/tmp/tmux-$EUID/default

	tmux -f /dev/null new-session -d -s outside 'sleep 120'
	STRANGE+=" $(tmux display-message -p '#{pid}')"
	[[ -S $socket ]]
	TMUX=$(tmux display-message -p '#{socket_path},#{pid},0')
	export TMUX
	run -0 "${RUN[@]}" tmux list-sessions -F '#{session_name}'
	assert_output outside
	run -0 bare tmux list-sessions -F '#{session_name}'
	assert_output outside
	# Nobody has named it, so it is another one's that it would meet.
	unset TMUX
	run -1 "${RUN[@]}" tmux list-sessions
	assert_output --partial "$socket"
	run -0 "$PRIVTMP" run --share '/tmp/tmux-*' tmux list-sessions -F '#{session_name}'
	assert_output outside
	tmux kill-server
	assert_no_session
}

# -- D-Bus -------------------------------------------------------------------------

@test "D-Bus: a client under the shim reaches the bus that the environment names" {
	need dbus-daemon dbus-send
	local ask=(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus /
		org.freedesktop.DBus.NameHasOwner string:org.freedesktop.DBus)

	dbus-daemon --session --nofork --address=unix:path=/tmp/the-bus --print-address=5 \
		5>"$LOG.address" >"$LOG" 2>&1 3>&- &
	STRANGE+=" $!"
	wait_until 10 test -s "$LOG.address" || fail "no dbus-daemon: $(cat "$LOG")"
	DBUS_SESSION_BUS_ADDRESS=$(cat "$LOG.address")
	export DBUS_SESSION_BUS_ADDRESS
	run -0 "${RUN[@]}" "${ask[@]}"
	assert_output --partial "boolean true"
	run -0 bare "${ask[@]}"
	assert_output --partial "boolean true"
	# shellcheck disable=SC2016
	run ! env -u DBUS_SESSION_BUS_ADDRESS "${RUN[@]}" \
		sh -c 'DBUS_SESSION_BUS_ADDRESS=$1; export DBUS_SESSION_BUS_ADDRESS; shift; exec "$@"' \
		sh "$DBUS_SESSION_BUS_ADDRESS" "${ask[@]}"
	assert_output --partial "Failed to open connection"
	assert_no_session
}

# -- PostgreSQL --------------------------------------------------------------------

# It refuses to run as root, and as somebody without a name.
as_owner() {
	if [[ $EUID -eq 0 ]]; then
		setpriv --reuid="$(id -u nobody)" --regid="$(id -g nobody)" --clear-groups -- "$@"
	else
		"$@"
	fi
}

@test "PostgreSQL: a client under the shim reaches the server's socket when it is shared" {
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || skip "no PostgreSQL here"
	local bin data

	id -un >/dev/null || skip "this user has no name"
	for bin in /usr/lib/postgresql/*/bin; do :; done
	data=$(scratch)/data
	as_owner "$bin/initdb" -D "$data" -U owner -A trust --no-sync --no-locale -E UTF8 \
		>"$LOG.init" 2>&1 || fail "$(cat "$LOG.init")"
	as_owner "$bin/postgres" -D "$data" -k /tmp -p 5499 -F -c listen_addresses='' \
		-c shared_buffers=1MB -c max_connections=10 -c dynamic_shared_memory_type=mmap \
		>"$LOG" 2>&1 3>&- &
	STRANGE+=" $!"
	wait_until 30 test -S /tmp/.s.PGSQL.5499 || fail "$(cat "$LOG")"
	export PGHOST=/tmp PGPORT=5499 PGUSER=owner PGDATABASE=postgres
	wait_until 20 "$bin/pg_isready" -q
	run -0 "$PRIVTMP" run --share '/tmp/.s.PGSQL.*' psql -AtXc 'SELECT 40 + 2'
	assert_output 42
	run -0 env PRIVTMP_SHARE='/tmp/.s.PGSQL.*' LD_PRELOAD="$SHIM" psql -AtXc 'SELECT 40 + 2'
	assert_output 42
	run -2 "${RUN[@]}" psql -AtXc 'SELECT 40 + 2'
	assert_output --partial "/tmp/.s.PGSQL.5499"
	assert_no_session
}
