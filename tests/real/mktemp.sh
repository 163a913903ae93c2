# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# mktemp(1) in all its forms, and what scripts do with the names that it gives.
set -eu
# The random part replaced.
shape() {
	sed -E 's/tmp\.[A-Za-z0-9]{10}$/tmp.RANDOM10/; t; s/[A-Za-z0-9]{6}(\.txt)?$/RANDOM6\1/'
}
f=$(mktemp)
echo "$f" | shape
stat -c '%A %s %F %U' "$f"
d=$(mktemp -d)
echo "$d" | shape
stat -c '%A %F' "$d"
g=$(mktemp /tmp/report.XXXXXX)
echo "$g" | shape
h=$(mktemp --suffix=.txt -p /var/tmp aXXXXXX)
echo "$h" | shape
i=$(mktemp -t tXXXXXX)
echo "$i" | shape
j=$(TMPDIR=/var/tmp mktemp -t jXXXXXX)
echo "$j" | shape
u=$(mktemp -u)
echo "$u" | shape
[ ! -e "$u" ] && echo free
mktemp /tmp/absent/XXXXXX || echo "status $?"
mktemp /tmp/fewXX || echo "status $?"
mktemp -q -d /tmp/file/XXXXXX || echo "status $?"
[ "$f" != "$g" ] && echo different
for x in "$f" "$g" "$h" "$i" "$j"; do [ -O "$x" ] && echo mine; done
# A lock directory, a pid file with noclobber, and the cleaner that every script has.
mkdir /tmp/lock
mkdir /tmp/lock || echo "locked: $?"
(
	set -C
	echo $$ > /tmp/pid
) && echo "first takes it"
(
	set -C
	echo $$ > /tmp/pid
) 2> /dev/null || echo "second does not"
find /tmp /var/tmp -mindepth 1 | wc -l
rm -r "$f" "$d" "$g" "$h" "$i" "$j" /tmp/lock /tmp/pid
find /tmp /var/tmp | sort
