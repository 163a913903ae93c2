# SPDX-License-Identifier: LGPL-2.1-or-later
# Servers and their clients, and users that meet in one session, with and without the shim:
# the same output and status, nothing in the shared /tmp during or after.

load ../common
load ../real/lib

@test "sqlite3: temporary tables, journals, shared memory, two writers" {
	need sqlite3
	real sqlite run bare
}

@test "PostgreSQL: a cluster in /tmp, its socket there, clients in the same session" {
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || skip "no PostgreSQL here"
	local user=

	# It refuses to run as root, and as somebody without a name.
	if [[ $EUID == 0 ]]; then
		user=$(id -u nobody)
	else
		id -un >/dev/null || skip "this user has no name"
	fi
	REAL_UID=$user real postgresql run
}

@test "tmux: clients, programs inside and further servers in one session" {
	need tmux
	real tmux run bare
}

@test "ssh-agent, gpg-agent, dbus-daemon: sockets named in the environment" {
	need ssh-agent gpg dbus-run-session
	# By default the directories of agents are shared: Debian's ssh-agent, which is
	# set-group-ID, makes its own outside of the shim.
	REAL_MEANT='(CREATE|DELETE),ISDIR /tmp/ssh-[A-Za-z0-9]{12}' real agents
}

@test "root's programs that become somebody else keep their /tmp" {
	[[ $EUID == 0 ]] || skip "needs root, to become other users"
	need setpriv perl start-stop-daemon
	real drop
}

@test "sshd and file, which shut themselves in behind filters, with a login" {
	need ssh ssh-keygen file
	[[ -x /usr/sbin/sshd ]] || skip "sshd is not installed"
	[[ $EUID == 0 ]] || id -un >/dev/null || skip "this user has no name"
	# Not as root: it would need a directory of the system's, and separate its rights.
	REAL_UID=$([[ $EUID != 0 ]] && echo "$EUID" || echo "$TEST_UID") real sandboxed run bare
}

@test "Chromium with its sandbox: children without thread-locals, behind filters, in another root" {
	need chromium
	unshare --user true 2>/dev/null || skip "its sandbox needs user namespaces"
	REAL_UID=$([[ $EUID != 0 ]] && echo "$EUID" || echo "$TEST_UID") real chromium run bare
}
