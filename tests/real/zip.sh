# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# zip writes its archive beside the result or, with -b, to /tmp and renames it: across file
# systems it must notice and copy.
set -eu
export TZ=UTC
mkdir tree
seq 1 5000 > tree/a
echo b > tree/b
ln -s a tree/link
touch -d '2020-02-02 02:02:02 UTC' tree/a tree/b
zip -b /tmp -r -y o.zip tree
zip -b /tmp o.zip tree/b
zip -q /tmp/o.zip -r tree
zip -d /tmp/o.zip tree/b
unzip -l /tmp/o.zip | sed 's/.*:.*\(tree\)/\1/'
unzip -q o.zip -d /tmp/out && ls -R /tmp/out && readlink /tmp/out/tree/link && cmp tree/a /tmp/out/tree/a
cd /tmp
zip -q -m moved.zip out/tree/b && unzip -p /tmp/moved.zip && ls out/tree
echo stdin | zip -q in.zip - && unzip -p in.zip
zip -T /tmp/o.zip
zip -q -T -b /var/tmp t.zip out/tree/a && unzip -tq t.zip
unzip -q /tmp/absent.zip || echo "status $?"
zip -b /tmp/absent x.zip out/tree/a > zip.out || echo "status $?"
sed 's,absent/[^)]*,absent/RANDOM,' zip.out
rm zip.out
find /tmp /var/tmp | sort
rm -r /tmp/*
