# SPDX-License-Identifier: LGPL-2.1-or-later
# Services under the drop-in that privtmp unit writes, with a real systemd as process 1 in
# namespaces of its own (tests/with-systemd): their files are private while they run, and
# nothing is left in /tmp and /var/tmp once they have stopped, however they end.
#
# shellcheck disable=SC2016 # expanded in there

load ../common

# What the scripts below begin with.
PRELUDE=$(
	cat <<'END'
set -u
units=/etc/systemd/system

# unit NAME <TEXT: one of the system's units. guard NAME [OPTION]...: with its drop-in.
unit() {
	{
		printf '[Unit]\nDefaultDependencies=no\n'
		cat
	} >$units/$1
}
guard() {
	"$PRIVTMP" unit --install "$@" >/dev/null && systemctl daemon-reload
}
show() { systemctl show --value -p "$2" "$1"; }

# private NAME: what has this name in the backings; public: what others see.
private() { cat /tmp/.privtmp-*/*/tmp/"$1"; }
public() { ls -A /tmp /var/tmp | sed 's/^\.privtmp-.*/SESSION/'; }
nothing() { [ -z "$(ls -A /tmp)$(ls -A /var/tmp)" ]; }

wait_until() {
	for _ in $(seq 600); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	echo "waited in vain: $*"
	return 1
}
is() { [ "$(show "$1" ActiveState)" = "$2" ]; }

# A daemon as they were written once: names that anyone can guess.
cat >/run/in/legacy <<'LEGACY'
#!/bin/sh
trap 'exit 0' TERM
trap 'echo reloaded >>/tmp/legacy.log; cat /tmp/legacy.conf >>/tmp/legacy.log' HUP
echo "$$" >/tmp/legacy.pid
echo kept >/var/tmp/legacy.spool
id -u >/tmp/legacy.log
[ $# -eq 0 ] || echo "$@" >>/tmp/legacy.log
echo conf >/tmp/legacy.conf
sleep 600 &
[ -z "${NOTIFY_SOCKET-}" ] || systemd-notify --ready
while :; do wait; done
LEGACY
chmod 755 /run/in/legacy
END
)

setup() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to start a systemd"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' library is not in there"
}

# in_systemd <SCRIPT: run it where a systemd is process 1.
in_systemd() {
	{
		printf '%s\n' "$PRELUDE"
		cat
	} >"$BATS_TEST_TMPDIR/script"
	run timeout -k 5 200 "$PRIVTMP_SOURCE/tests/with-systemd" "$BATS_TEST_TMPDIR/script"
	[[ $status -ne 99 ]] || skip "no systemd to be had as process 1: $output"
	assert_success
}

@test "a service's files are private from start to stop, and reload finds them" {
	in_systemd <<'END'
unit legacy.service <<'UNIT'
[Service]
Type=notify
NotifyAccess=all
ExecStart=/run/in/legacy
ExecReload=/bin/kill -HUP $MAINPID
UNIT
systemctl start legacy
echo without; public; private legacy.log 2>/dev/null
systemctl stop legacy
rm /tmp/* /var/tmp/*
guard legacy
systemctl start legacy
echo with; public
private legacy.pid | grep -qx "$(show legacy MainPID)" && echo main
systemctl reload legacy
wait_until grep -q conf /tmp/.privtmp-*/*/tmp/legacy.log
private legacy.log
systemctl stop legacy
echo stopped; public; show legacy Result
END
	assert_output - <<-'END'
		without
		/tmp:
		legacy.conf
		legacy.log
		legacy.pid

		/var/tmp:
		legacy.spool
		with
		/tmp:
		SESSION

		/var/tmp:
		SESSION
		main
		0
		reloaded
		conf
		stopped
		/tmp:

		/var/tmp:
		success
	END
}

@test "what SIGKILL leaves is swept by ExecStopPost=, and by nothing else" {
	in_systemd <<'END'
unit legacy.service <<'UNIT'
[Service]
Type=notify
NotifyAccess=all
ExecStart=/run/in/legacy
UNIT
guard legacy
systemctl start legacy
systemctl kill --signal=KILL legacy
wait_until is legacy failed
echo killed; public; show legacy Result
sed -i /ExecStopPost/d $units/legacy.service.d/privtmp.conf
systemctl daemon-reload
systemctl start legacy
systemctl kill --signal=KILL legacy
wait_until is legacy failed
sleep 0.2
echo unswept; public
"$PRIVTMP" sweep
echo swept; public
END
	assert_output - <<-'END'
		killed
		/tmp:

		/var/tmp:
		signal
		unswept
		/tmp:
		SESSION

		/var/tmp:
		SESSION
		swept
		/tmp:

		/var/tmp:
	END
}

@test "a restart begins with an empty /tmp, and so does the manager's own after a crash" {
	in_systemd <<'END'
unit legacy.service <<'UNIT'
[Service]
Type=notify
NotifyAccess=all
Restart=on-failure
RestartSec=50ms
ExecStart=/run/in/legacy
UNIT
guard legacy
systemctl start legacy
first=$(echo /tmp/.privtmp-*)
touch "$(echo "$first"/*/tmp)/of-the-first"
systemctl restart legacy
second=$(echo /tmp/.privtmp-*)
[ "$first" != "$second" ] && [ ! -e "$first" ] && ls "$second"/*/tmp
touch "$(echo "$second"/*/tmp)/of-the-second"
restarted() { [ "$(show legacy NRestarts)" = 1 ] && is legacy active; }
systemctl kill --signal=KILL --kill-who=main legacy
wait_until restarted
third=$(echo /tmp/.privtmp-*)
[ "$second" != "$third" ] && [ ! -e "$second" ] && ls "$third"/*/tmp
systemctl stop legacy
public
END
	assert_output - <<-'END'
		legacy.conf
		legacy.log
		legacy.pid
		legacy.conf
		legacy.log
		legacy.pid
		/tmp:

		/var/tmp:
	END
}

@test "User=, DynamicUser= and RuntimeDirectory=: the session is the service's user's" {
	in_systemd <<'END'
uid=$(id -u daemon)
unit user.service <<'UNIT'
[Service]
Type=notify
NotifyAccess=all
User=daemon
RuntimeDirectory=legacy
ExecStart=/run/in/legacy
UNIT
guard user
systemctl start user
private legacy.log | sed "s/^$uid$/UID/"; stat -c '%U %a' /tmp/.privtmp-*
systemctl kill --signal=KILL user
wait_until is user failed
nothing && echo nothing
guard user --root /run/legacy
systemctl start user
ls -A /tmp /var/tmp; ls /run/legacy/.privtmp-*/*/tmp; stat -c '%U %a' /run/legacy/.privtmp-*
systemctl stop user
nothing && [ ! -e /run/legacy ] && echo nothing
unit dynamic.service <<'UNIT'
[Service]
Type=notify
NotifyAccess=all
DynamicUser=yes
ExecStart=/run/in/legacy
UNIT
guard dynamic
grep -c 'has PrivateTmp= already' $units/dynamic.service.d/privtmp.conf
systemctl start dynamic || systemctl show dynamic | grep -E 'Result|Exec.*Status'
uid=$(cat /tmp/systemd-private-*-dynamic.service-*/tmp/.privtmp-*/*/tmp/legacy.log)
[ "$uid" -ge 61184 ] && [ "$uid" -le 65519 ] && echo "a dynamic user"
systemctl stop dynamic
nothing && echo nothing
END
	assert_output - <<-'END'
		UID
		daemon 700
		nothing
		/tmp:

		/var/tmp:
		legacy.conf
		legacy.log
		legacy.pid
		daemon 700
		nothing
		1
		a dynamic user
		nothing
	END
}

@test "a forking daemon's PIDFile= in /tmp stays shared, so that systemd can read it" {
	in_systemd <<'END'
cat >/run/forking <<'FORKING'
#!/bin/sh
rm -f "$1"
/run/in/legacy >/dev/null 2>&1 &
echo $! >"$1"
FORKING
chmod 755 /run/forking
unit legacy.service <<'UNIT'
[Service]
Type=forking
PIDFile=/tmp/forking.pid
TimeoutStartSec=30
ExecStart=/run/forking /tmp/forking.pid
ExecReload=/bin/kill -HUP $MAINPID
UNIT
guard legacy
systemctl start legacy
configured() { grep -q conf /tmp/.privtmp-*/*/tmp/legacy.conf; }
wait_until configured
public
pid=$(cat /tmp/forking.pid)
[ "$(show legacy MainPID)" = "$pid" ] && echo main
systemctl reload legacy
wait_until grep -q reloaded /tmp/.privtmp-*/*/tmp/legacy.log && echo reloaded
systemctl stop legacy
nothing && echo nothing
sed -i /PRIVTMP_SHARE/d $units/legacy.service.d/privtmp.conf
sed -i s/TimeoutStartSec=30/TimeoutStartSec=2/ $units/legacy.service
systemctl daemon-reload
systemctl start legacy || show legacy Result
nothing && echo nothing
END
	assert_output --partial "$(
		cat <<-'END'
			/tmp:
			SESSION
			forking.pid

			/var/tmp:
			SESSION
			main
			reloaded
			nothing
		END
	)"
	assert_line timeout
	assert_equal "$(grep -c '^nothing$' <<<"$output")" 2
}

@test "what KillMode=process leaves running keeps its files, until it ends" {
	in_systemd <<'END'
unit legacy.service <<'UNIT'
[Service]
Type=notify
NotifyAccess=all
KillMode=process
ExecStart=/run/in/legacy
UNIT
guard legacy
systemctl start legacy
systemctl stop legacy
public; private legacy.conf
pkill -KILL -x sleep --cgroup /system.slice/legacy.service 2>/dev/null ||
	kill -KILL $(grep -lx 'sleep' /proc/[0-9]*/comm | tr -dc '0-9\n' | head -n 1)
wait_until nothing && public
END
	assert_output - <<-'END'
		/tmp:
		SESSION

		/var/tmp:
		SESSION
		conf
		/tmp:

		/var/tmp:
	END
}

@test "socket activation: one process for all, and one for each connection" {
	command -v python3 >/dev/null || skip "needs python3, for a client"
	in_systemd <<'END'
cat >/run/ask <<'ASK'
#!/usr/bin/python3
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(20)
s.connect(sys.argv[1])
s.shutdown(socket.SHUT_WR)
print(s.recv(1000).decode(), end="")
ASK
cat >/run/serve <<'SERVE'
#!/usr/bin/python3
import os, socket
s = socket.socket(fileno=3)
for n in range(2):
    c, _ = s.accept()
    with open("/tmp/request", "a") as f:
        f.write(f"request {n}\n")
    c.sendall(f"{s.getsockname()} {os.environ['LISTEN_FDS']} {os.listdir('/tmp')}\n".encode())
    c.close()
SERVE
cat >/run/each <<'EACH'
#!/bin/sh
echo $$ >/tmp/$$.tmp
ls -A /tmp | sed "s/$$/PID/"
EACH
chmod 755 /run/ask /run/serve /run/each
unit one.socket <<'UNIT'
[Socket]
ListenStream=/tmp/one.sock
UNIT
unit one.service <<'UNIT'
[Service]
ExecStart=/run/serve
UNIT
unit each.socket <<'UNIT'
[Socket]
ListenStream=/run/each.sock
Accept=yes
UNIT
unit each@.service <<'UNIT'
[Service]
StandardInput=socket
ExecStart=/run/each
UNIT
guard one
guard each@
systemctl start one.socket each.socket
/run/ask /tmp/one.sock
private request
/run/ask /tmp/one.sock
wait_until is one inactive
public
/run/ask /run/each.sock
/run/ask /run/each.sock
systemctl stop one.socket each.socket
rm -f /tmp/one.sock
wait_until nothing && echo nothing
END
	assert_output - <<-'END'
		/tmp/one.sock 1 ['request']
		request 0
		/tmp/one.sock 1 ['request']
		/tmp:
		one.sock

		/var/tmp:
		PID.tmp
		PID.tmp
		nothing
	END
}

@test "systemd --user: the same for a user's own service" {
	in_systemd <<'END'
uid=$(id -u daemon)
mkdir -p -m 755 /run/user /run/home
mkdir -m 700 /run/user/$uid /run/home/.config /run/home/.config/systemd
mkdir -m 755 /run/home/.config/systemd/user
cat >/run/home/.config/systemd/user/default.target <<'UNIT'
[Unit]
DefaultDependencies=no
UNIT
cat >/run/home/.config/systemd/user/legacy.service <<'UNIT'
[Unit]
DefaultDependencies=no
[Service]
Type=notify
NotifyAccess=all
ExecStart=/run/in/legacy
UNIT
chown -R daemon: /run/user/$uid /run/home
for manager in /lib/systemd/systemd /usr/lib/systemd/systemd; do [ ! -x $manager ] || break; done
unit user@$uid.service <<UNIT
[Service]
Type=notify
User=daemon
Delegate=yes
Environment=XDG_RUNTIME_DIR=/run/user/$uid HOME=/run/home
Environment=SYSTEMD_UNIT_PATH=/run/home/.config/systemd/user
ExecStart=$manager --user --unit=default.target
UNIT
user() {
	setpriv --reuid=daemon --regid="$(id -g daemon)" --clear-groups \
		env HOME=/run/home XDG_RUNTIME_DIR=/run/user/$uid "$@"
}
systemctl start user@$uid.service
user "$PRIVTMP" unit --user --install legacy | sed '/^#/d; s,.* /run/home/,,'
grep '^# PrivateTmp' /run/home/.config/systemd/user/legacy.service.d/privtmp.conf
user systemctl --user daemon-reload
user systemctl --user start legacy
public; private legacy.log | sed "s/^$uid$/UID/"
user systemctl --user kill --signal=KILL legacy
failed() { [ "$(user systemctl --user show --value -p ActiveState legacy)" = failed ]; }
wait_until failed
public
systemctl kill --signal=KILL user@$uid.service
wait_until is user@$uid.service failed
END
	assert_output - <<-'END'
		.config/systemd/user/legacy.service.d/privtmp.conf
		now: systemctl --user daemon-reload && systemctl --user restart legacy.service
		# PrivateTmp= is not for every user's service manager: it needs user
		/tmp:
		SESSION

		/var/tmp:
		SESSION
		UID
		/tmp:

		/var/tmp:
	END
}

@test "a unit's commands share one /tmp with --scope root, and do not without" {
	in_systemd <<'END'
unit legacy.service <<'UNIT'
[Service]
Type=notify
NotifyAccess=all
User=daemon
ExecStartPre=/bin/sh -c 'echo prepared >/tmp/pre; echo spooled >/var/tmp/pre'
ExecStart=/bin/sh -c 'cat /tmp/pre /var/tmp/pre >/tmp/main 2>&1; exec /run/in/legacy'
ExecReload=/bin/sh -c 'kill -HUP "$(cat /tmp/legacy.pid)"; echo reload >>/tmp/commands'
ExecStop=/bin/sh -c 'echo stop >>/tmp/commands'
ExecStopPost=/bin/sh -c 'cat /tmp/main /tmp/commands >/run/out/commands 2>&1'
UNIT
mkdir -m 777 /run/out
guard legacy
systemctl start legacy
private main
systemctl stop legacy
nothing && echo nothing
guard legacy --scope root
systemctl start legacy
ls -A /tmp /var/tmp; ls /run | grep privtmp; stat -c '%U %a' /run/legacy.privtmp/.privtmp-*
systemctl reload legacy
wait_until grep -q conf /run/legacy.privtmp/.privtmp-*/*/tmp/legacy.log && echo reloaded
systemctl restart legacy
systemctl stop legacy
cat /run/out/commands
nothing && [ ! -e /run/legacy.privtmp ] && echo nothing
systemctl start legacy
systemctl kill --signal=KILL legacy
wait_until is legacy failed
nothing && [ ! -e /run/legacy.privtmp ] && echo nothing
END
	assert_output - <<-'END'
		cat: /tmp/pre: No such file or directory
		cat: /var/tmp/pre: No such file or directory
		nothing
		/tmp:

		/var/tmp:
		legacy.privtmp
		daemon 700
		reloaded
		prepared
		spooled
		stop
		nothing
		nothing
	END
}

@test "a forking daemon without PIDFile= is known to systemd with --scope root" {
	command -v perl >/dev/null || skip "needs perl, for a daemon"
	in_systemd <<'END'
cat >/run/in/daemon <<'DAEMON'
#!/usr/bin/perl
use POSIX;
sub touch { open(my $f, ">", $_[0]); print $f $$; close $f }
touch("/tmp/parent");
exit 0 if fork;
POSIX::setsid();
touch("/tmp/child");
$SIG{HUP} = sub { touch("/tmp/reloaded") };
sleep 100 while 1;
DAEMON
chmod 755 /run/in/daemon
unit legacy@.service <<'UNIT'
[Service]
Type=forking
ExecStart=/run/in/daemon
ExecReload=/bin/kill -HUP $MAINPID
UNIT
"$PRIVTMP" unit legacy@a-b 2>&1 >/dev/null
guard legacy@a-b --scope root
systemctl start legacy@a-b
# Patterns within a function are expanded anew for each try: start and reload do not wait for
# the child's files.
written() { [ -s /run/legacy@a-b.privtmp/.privtmp-*/*/tmp/"$1" ]; }
wait_until written child
[ "$(show legacy@a-b MainPID)" = "$(cat /run/legacy@a-b.privtmp/.privtmp-*/*/tmp/child)" ] && echo main
systemctl reload legacy@a-b
wait_until written reloaded && echo reloaded
systemctl stop legacy@a-b
nothing && [ ! -e /run/legacy@a-b.privtmp ] && echo nothing
END
	assert_output - <<-'END'
		privtmp: legacy@a-b.service: forks and has no PIDFile=: systemd will not know its main process; use --scope root
		main
		reloaded
		nothing
	END
}
