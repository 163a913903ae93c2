# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012 # the output of ls is what is compared
# The small programs that every script is made of: cp, mv, ln, install, find, xargs, touch,
# stat, du, dd, split, tee, mkfifo, flock, realpath, readlink, env -C, nohup.
set -eu

failed() { echo "status $?"; }

# Copies, within the view and out of it.
mkdir -p /tmp/a/b
echo one > /tmp/a/one
echo two > /tmp/a/b/two
ln -s b/two /tmp/a/rel
ln -s /tmp/a/one /tmp/a/abs
ln -s /tmp/absent /tmp/a/dangling
ln -s ../../etc/hostname /tmp/a/out
cp -r /tmp/a /tmp/copy
diff -r --no-dereference /tmp/a /tmp/copy && echo equal
cp -a /tmp/a /var/tmp/
readlink /var/tmp/a/abs /var/tmp/a/rel
cp -L /tmp/a/abs plain
cat plain
cp --parents /tmp/a/b/two .
find tmp | sort
cp -s /tmp/a/one /tmp/a/symbolic
cp -l /tmp/a/one /tmp/a/hard
stat -c '%h %N' /tmp/a/one /tmp/a/symbolic
cp -u --backup=numbered plain /tmp/a/one
cp --backup=numbered plain /tmp/a/one
ls /tmp/a

# Moves, across file systems too.
mv /tmp/copy /var/tmp/moved
ls -A /var/tmp/moved
mv -T /var/tmp/moved here
mv here /tmp/back
ls /tmp/back
mv -n plain /tmp/a/one
ls plain
mv /tmp/a/one /tmp/a/b/
mv /tmp/a/b/one /tmp/a/renamed
cat /tmp/a/abs || failed

# Links and where they lead.
ln -sr /tmp/a/b/two /tmp/relative
readlink /tmp/relative
ln -f /tmp/a/renamed /tmp/a/one
ln /tmp/a/one . 2> /dev/null || echo 'another file system'
realpath /tmp/a/rel /tmp/a/abs /tmp/a/../a/./b /tmp/a/absent
realpath --relative-to=/tmp/a /tmp/back
realpath -s /tmp/a/rel
readlink -f /tmp/a/abs
readlink -e /tmp/a/dangling || failed
readlink -m /tmp/x/../y
head -c 3 /tmp/a/out > /dev/null && echo 'leads out'
test -e /tmp/../etc/passwd && test ! -e /tmp/a/../../tmp/absent && echo dots
cat /tmp/absent/../a/one || failed
ls /tmpx /tmp/a/one/ || failed

# Working directories.
(cd /tmp/a && pwd && cat ../a/one && cd b && ls .. && cat ../../../tmp/a/b/two && realpath . ..)
env -C /tmp/a pwd
env -C /tmp/a ls

# Walks.
find /tmp/a -type l -printf '%p -> %l\n' | sort
find /tmp/a -name two -execdir pwd \; -execdir cat {} \;
find -L /tmp/a -samefile /tmp/a/one | sort
(cd /tmp && find . -maxdepth 1 | sort && find a -type f -newer a/b/two -o -name two | sort)
find /tmp -path '/tmp/a/*' -prune -o -type d -print | sort
find /tmp/a -type f -print0 | sort -z | xargs -0 -n1 basename
echo /tmp/a/one | xargs cat
xargs -a /tmp/a/one echo
find /tmp/back -depth -delete
ls -d /tmp/back || failed
du -a /tmp/a/b | cut -f2 | sort
ls -la /tmp/a/b | sed 1,3d | wc -l

# What is told about the files and the directory.
install -D -m 640 plain /tmp/i/n/s/file
install -d -m 750 /tmp/i/dir
stat -c '%a %n' /tmp/i/n/s/file /tmp/i/dir
chmod -R g+w /tmp/i
touch -r /tmp/a/one /tmp/t
touch -d @86400 /tmp/t
chmod u=rw,go= /tmp/t
chown "$(id -u):$(id -g)" /tmp/t
chown -h "$(id -u)" /tmp/a/dangling
stat -c '%Y %s %F %a' /tmp/t /tmp/i/n/s/file | sed 's/^[0-9]\{6,\} /NOW /'
[[ $(stat -c %d /tmp) == "$(stat -c %d /tmp/t)" ]] && echo 'same device'
[[ $(stat -c %i /tmp) == "$(stat -c %i /tmp/a/..)" ]] && echo 'same directory'
stat -c '%A %F %n %U' /tmp /var/tmp /tmp/. //tmp/ /tmp/a/..
ls -ld /tmp | cut -c1-10
df --output=target /tmp/t | sed 1d
stat -f -c %T /tmp

# Contents.
dd if=/dev/zero of=/tmp/dd bs=1k count=8 conv=fsync status=none
truncate -s 3k /tmp/dd
wc -c /tmp/dd
shred -u /tmp/dd
ls /tmp/dd || failed
seq 1 10 | split -l 4 - /tmp/part.
wc -l /tmp/part.*
csplit -s -f /tmp/cs /tmp/part.aa 2
cat /tmp/cs01
echo t | tee /tmp/tee1 /tmp/tee2
comm -12 /tmp/tee1 /tmp/tee2
md5sum /tmp/tee* > /tmp/sums
(cd / && md5sum -c /tmp/sums)

# FIFOs, locks, what runs on in the background.
mkfifo -m 600 /tmp/fifo
(echo through > /tmp/fifo &)
cat /tmp/fifo
mknod /tmp/fifo2 p
test -p /tmp/fifo2 && echo fifo
flock /tmp/lock -c 'flock -n /tmp/lock true || echo locked'
flock -n /tmp/lock echo free
(flock 9 && echo held) 9> /tmp/lock9
nohup sh -c 'echo in the background > /tmp/nohup' > /dev/null 2>&1 &
wait $!
cat /tmp/nohup
setsid -w sh -c 'cat /tmp/nohup'
timeout 5 nice stdbuf -oL cat /tmp/nohup
tail -n +1 -s 0.05 -F /tmp/follow > followed 2> /dev/null &
echo grown > /tmp/follow
for _ in 1 2 3 4 5 6 7 8 9 10; do
	if [[ -s followed ]]; then break; fi
	sleep 0.1
done
kill $!
cat followed

# Removal.
rm -rf /tmp/i
rmdir /tmp/a || failed
rm -d /tmp/absent || failed
rmdir -p /tmp/a/b/c || failed
unlink /tmp/fifo
rm -rf /tmp/* /var/tmp/*
ls -A /tmp /var/tmp
