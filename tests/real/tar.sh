# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# tar, gzip, bzip2, xz, zstd, cpio: trees packed from and unpacked into /tmp, by name, through
# pipelines, with links, modes and times.
set -eu
export TZ=UTC
mkdir -p /tmp/tree/sub/deep
cd /tmp/tree
seq 1 3000 > a
echo b > sub/b
echo c > sub/deep/c
ln -s ../a sub/up
ln -s /tmp/tree/a absolute
ln a hard
mkfifo pipe
chmod 2750 sub
: > empty
truncate -s 1M sparse
touch -h -d '2020-02-02 UTC' a sub/b sub/deep/c sub/up absolute pipe empty sparse sub/deep sub .
tar --sort=name -cf /tmp/t.tar -C /tmp tree
tar -tvf /tmp/t.tar | sed -E 's,[a-z0-9_]+/[a-z0-9_]+ +,OWNER ,'
tar -cPf - --sort=name /tmp/tree | gzip -n | tee /tmp/p.tgz | md5sum > /dev/null
tar -tPzf /tmp/p.tgz
mkdir /tmp/out /var/tmp/out
tar -xf /tmp/t.tar -C /tmp/out && diff -r --no-dereference -x pipe /tmp/tree /tmp/out/tree && echo equal
stat -c '%A %n %Y' /tmp/out/tree/sub /tmp/out/tree/sub/b
readlink /tmp/out/tree/absolute /tmp/out/tree/sub/up
wc -l < /tmp/out/tree/absolute
stat -c '%h %b' /tmp/out/tree/hard /tmp/out/tree/sparse
tar -cSf - sparse a | (cd /var/tmp/out && tar -xvpf -)
for z in gzip bzip2 xz zstd; do
	rm=
	[ $z != zstd ] || rm=--rm
	cp a "/tmp/z"
	$z -q $rm /tmp/z
	ls /tmp/z*
	$z -dc /tmp/z.* | cmp - a && $z -q $rm -d /tmp/z.*
	rm /tmp/z
	tar --sort=name -c -I $z -f /tmp/x.tar a sub
	tar -tf /tmp/x.tar
done
rm -r /tmp/out/tree
tar -xzPf /tmp/p.tgz --transform 's,^/tmp/tree,/tmp/out/tree,' && ls -A /tmp/out/tree
tar -cf /tmp/inc0.tar -g /tmp/snap . && echo d > sub/d && tar -cvf /tmp/inc1.tar -g /tmp/snap .
tar -df /tmp/t.tar -C /tmp 2>&1 || echo "status $?"
tar -rf /tmp/t.tar -C /tmp tree/sub/d && tar --delete -f /tmp/t.tar tree/a && tar -tf /tmp/t.tar | wc -l
tar --remove-files -cf /tmp/r.tar sub && ls
tar -xf /tmp/absent.tar || echo "status $?"
find . -depth | cpio -o -H newc --quiet > /tmp/c.cpio 2> /dev/null
mkdir /tmp/cp
(cd /tmp/cp && cpio -id --quiet < /tmp/c.cpio 2> /dev/null && find . | sort)
cd /tmp/tree && find . ! -type p | cpio -pdm --quiet /var/tmp/out && ls /var/tmp/out
zgrep -c 7 /tmp/p.tgz
gzip -c a > /tmp/1.gz
seq 1 2999 | gzip -c > /tmp/2.gz
zdiff /tmp/1.gz /tmp/2.gz || echo "status $?"
chmod -R u+w /tmp/*
rm -rf /tmp/* /var/tmp/*
ls -A /tmp /var/tmp
