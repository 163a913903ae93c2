# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# nvi keeps its buffer in /tmp/vi.*; arj makes its archive at a name that anyone can guess;
# sed, perl and ex change files in place.
set -eu
printf 'one\ntwo\n' > /tmp/text
mkdir -m 1777 /var/tmp/vi.recover
printf '%s\n' '1s/one/ONE/' '$r !echo read' 'w' 'w /tmp/copy' 'q' | nvi -e -s /tmp/text
cat /tmp/text /tmp/copy
printf '%s\n' 'set directory=/var/tmp' 'e /tmp/copy' '%s/$/./' 'wq' | nvi -e -s plain
cat /tmp/copy
ls -A /var/tmp/vi.recover | wc -l
rmdir /var/tmp/vi.recover
seq 1 3000 > /tmp/a.txt
arj a -y -w/tmp /var/tmp/x.arj /tmp/a.txt | grep -c 'Adding\|Added\|OK' || :
rm /tmp/a.txt
(
	cd /tmp && arj x -y /var/tmp/x.arj > /dev/null
	find . -name a.txt | wc -l
)
cd /tmp
sed -i.bak 's/two/zwei/' text copy
perl -pi -e 's/zwei/deux/' text
cat text text.bak copy
ex -s text << 'END'
%s/deux/dos/
w! /tmp/ex
q!
END
cat /tmp/ex
find /tmp /var/tmp | sed 's,/[^/]*\.swp,/SWAP,' | sort
rm -rf /tmp/* /var/tmp/*
