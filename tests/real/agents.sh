# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# Agents that put a socket into /tmp and name it in the environment of what they start:
# ssh-agent, gpg-agent, dbus-daemon.
set -eu
# The installed one is set-group-ID, out of reach of a library that is not installed so itself.
cp "$(command -v ssh-agent)" .
PATH=$PWD:$PATH
eval "$(ssh-agent -s)" > /dev/null
echo "$SSH_AUTH_SOCK" | sed -E 's,ssh-[A-Za-z0-9]+/agent\.[0-9]+,ssh-RANDOM/agent.PID,'
stat -c '%A %F' "${SSH_AUTH_SOCK%/*}" "$SSH_AUTH_SOCK"
ssh-add -l || echo "status $?"
ssh-keygen -q -t ed25519 -N '' -C comment -f /tmp/key
ssh-add -q /tmp/key && ssh-add -l | sed 's/SHA256:[^ ]*/HASH/'
ssh-add -L | cmp - /tmp/key.pub && echo same
bash -c 'ssh-add -l' | wc -l
echo message > /tmp/m
ssh-keygen -Y sign -q -f /tmp/key.pub -n ns /tmp/m
ls /tmp | sed -E 's/^ssh-.*/ssh-RANDOM/'
printf 'me %s\n' "$(cat /tmp/key.pub)" > /tmp/allowed
ssh-keygen -Y verify -f /tmp/allowed -I me -n ns -s /tmp/m.sig < /tmp/m | sed 's/SHA256:.*/HASH/'
ssh-agent bash -c '
	ssh-add -q /tmp/key
	ssh-add -l | wc -l
	test "$SSH_AUTH_SOCK" != "$1" && echo another
	ssh-agent -k' - "$SSH_AUTH_SOCK" | sed 's/pid [0-9]*/pid/'
eval "$(ssh-agent -k)" > /dev/null
ssh-agent -a /tmp/named.sock sh -c '
	ssh-add -l
	echo "$SSH_AUTH_SOCK"
	ssh-agent -k > /dev/null'
rm -f /tmp/key* /tmp/m* /tmp/allowed

# GnuPG: the agent's sockets are in the home directory, which is in /tmp. It goes into
# /run/user only where that is; with a directory of no standard name it does not.
export GNUPGHOME=/tmp/gnupg
mkdir -m 700 $GNUPGHOME
gpg -q --batch --passphrase '' --quick-gen-key 'Test <test@example.org>' ed25519 sign never 2> gpg.err || cat gpg.err
gpg --list-keys --with-colons | sed -n 's/^uid:.*:\(Test [^:]*\):.*/\1/p'
gpg-connect-agent --no-autostart 'GETINFO socket_name' /bye | sed 's,/d\.[^/]*/,/HASH/,'
echo text > /tmp/text
gpg -q --batch --yes -o /tmp/text.sig --detach-sign /tmp/text
gpg -q --verify /tmp/text.sig /tmp/text 2>&1 | sed -n 's/.*Good/Good/p'
gpg -q --batch --passphrase secret --pinentry-mode loopback -c /tmp/text
gpg -q --batch --passphrase secret --pinentry-mode loopback -d /tmp/text.gpg
gpgconf --kill all
for _ in 1 2 3 4 5 6 7 8 9 10; do
	pgrep gpg-agent > /dev/null || break
	sleep 0.1
done
rm -r /tmp/gnupg /tmp/text*

# D-Bus: the address is handed on in DBUS_SESSION_BUS_ADDRESS.
cat > /tmp/bus.conf << 'END'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*"/><allow own="*"/>
<allow receive_sender="*"/></policy></busconfig>
END
dbus-run-session --config-file=/tmp/bus.conf -- sh -c '
	echo "$DBUS_SESSION_BUS_ADDRESS" | sed -E "s/dbus-[A-Za-z0-9]+/dbus-RANDOM/; s/guid=.*/guid/"
	ask="dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus"
	$ask.NameHasOwner string:org.freedesktop.DBus
	sh -c "$ask.Peer.Ping" && echo pong' 2> "$HOME/dbus.err"
sed 's/[0-9][0-9]*/N/g' "$HOME/dbus.err" >&2
rm /tmp/bus.conf
ls -A /tmp
