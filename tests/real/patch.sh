# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# patch, diff, sdiff, rcs: each leaves its work in /tmp for a moment.
set -eu
seq 1 30 > old
sed 's/^7$/seven/; 20d' old > new
cp old /tmp/target
diff -u --label a/target --label b/target old new > /tmp/p.diff || :
patch -d /tmp -p1 < /tmp/p.diff && cmp /tmp/target new
patch /tmp/target -R --dry-run < /tmp/p.diff
patch -f -s /tmp/target /tmp/p.diff || {
	echo "status $?"
	ls /tmp
	rm -f /tmp/*.rej /tmp/*.orig
}
(cd /tmp && patch -R -b < p.diff && ls) && cmp /tmp/target old
patch -o - old /tmp/p.diff | md5sum
echo 'l
r
eb
l
q' | sdiff -s -o /tmp/merged old new > shown || echo "status $?"
md5sum < shown
md5sum < /tmp/merged
diff3 -m old new /tmp/target | cmp - new && echo merged
cd /tmp
printf 'first\n' > f
ci -q -u -t-description -d'2020-02-02 UTC' -wme f
co -q -l f
printf 'second\n' >> f
rcsdiff -q f | sed 1,4d || echo "status $?"
ci -q -u -msecond -d'2021-02-02 UTC' -wme f
rlog -N f | sed -n 's/^revision/&/p; s/^total/&/p'
co -q -p1.1 f
rcsclean -q f
ls /tmp
rm -rf /tmp/*
