# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# Root's programs that go on as somebody else: by setpriv, perl, chroot(1) and
# start-stop-daemon. Both sides meet in /tmp, under the rules of a sticky directory.
set -eu
umask 022
echo secret > /tmp/secret
chmod 600 /tmp/secret
echo public > /tmp/public
cat > s.sh << 'END'
cat /tmp/public; cat /tmp/secret || echo "status $?"
rm -f /tmp/public || echo "status $?"
mv /tmp/public /tmp/mine || echo "status $?"
f=$(mktemp) && stat -c '%U %a' "$f" && rm "$f"
echo "by $(id -u)" > "/tmp/from-$1"; cd /tmp; pwd; ls -d "from-$1"
mkdir /tmp/dir-$1 && echo x > /tmp/dir-$1/x
END
setpriv --reuid=65534 --regid=65534 --clear-groups sh s.sh setpriv
cat /tmp/from-setpriv
stat -c '%u %n' /tmp/dir-setpriv/x
perl -e '$( = $) = "65534 65534"; ($<, $>) = (65533, 65533); exec "sh", "s.sh", "perl"'
perl -e '
	$> = 65533;
	open my $f, ">", "/tmp/effective" or die;
	print join(" ", (stat $f)[4], -o $f ? "mine" : "not mine"), "\n";
	$> = 0;
	print -o $f ? "mine\n" : "not mine\n";
	unlink "/tmp/from-perl" or die'
chroot --userspec=65534:65534 / sh -c 'cat /tmp/from-setpriv; cd /tmp && pwd'
# Two users of one session meet as they would in the shared directory.
setpriv --reuid=65533 --regid=65533 --clear-groups sh -c '
	cat /tmp/from-setpriv
	rm -rf /tmp/dir-setpriv || echo "status $?"
	rm /tmp/effective
	ls /tmp'
cat > daemon.sh << 'END'
echo "daemon $(id -u)" > /tmp/daemon
trap 'echo ended >> /tmp/daemon; exit' TERM
while :; do sleep 0.1; done
END
start-stop-daemon --start --quiet --background --make-pidfile \
	--pidfile /tmp/d.pid --chuid 65534:65534 --chdir / --startas /bin/sh -- "$PWD/daemon.sh"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q daemon /tmp/daemon 2> /dev/null && break
	sleep 0.1
done
test -s /tmp/d.pid && kill -0 "$(cat /tmp/d.pid)" && echo running
start-stop-daemon --stop --quiet --retry TERM/5 --pidfile /tmp/d.pid \
	--remove-pidfile --user 65534
cat /tmp/daemon
ls /tmp
rm -r /tmp/*
