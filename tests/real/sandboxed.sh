# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Programs that shut themselves in: sshd, whose child takes a seccomp filter that kills,
# run by a plain user with keys and sockets below /tmp; and file(1).
set -eu

mkdir -m 700 /tmp/sshd
ssh-keygen -q -t ed25519 -N '' -f /tmp/sshd/host
ssh-keygen -q -t ed25519 -N '' -C '' -f /tmp/sshd/user
cp /tmp/sshd/user.pub /tmp/sshd/authorized
cat >/tmp/sshd/config <<END
HostKey /tmp/sshd/host
AuthorizedKeysFile /tmp/sshd/authorized
PidFile /tmp/sshd/pid
StrictModes no
UsePAM no
LogLevel ERROR
END
log_in() {
	ssh -F none -i /tmp/sshd/user -o StrictHostKeyChecking=no -o LogLevel=ERROR \
		-o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes \
		-o ProxyCommand="$(command -v /usr/sbin/sshd) -i -f /tmp/sshd/config 2>/tmp/sshd/log" \
		"$(id -un)@nowhere" "$@" || { echo "status $?"; cat /tmp/sshd/log; }
}
log_in 'echo inside; cat /tmp/sshd/authorized | cmp - /tmp/sshd/user.pub && echo same'
log_in 'echo from ssh >/tmp/by-ssh; exit 3'
cat /tmp/by-ssh

printf '#!/bin/sh\n' >/tmp/script
file /tmp/script
file -S /tmp/script
file -z /tmp/script
rm -r /tmp/sshd
