# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# GNU sort with a buffer too small for its input: it spills to files of its own in /tmp,
# opens them again by name and merges them.
set -eu
awk 'BEGIN { x = 1; for (i = 0; i < 60000; i++) { x = (x * 16807) % 2147483647; print x, i } }' > in
sort -S 100k in | md5sum
sort -S 100k -T /var/tmp -k2,2n in | md5sum
sort -S 200k --compress-program=gzip -n -r in | md5sum
split -n l/6 in part.
for f in part.*; do sort -o "$f" "$f"; done
sort -m --batch-size=2 part.* | md5sum
sort -S 100k -o /tmp/sorted in
sort -c /tmp/sorted && echo in order
sort -S 100k -T /tmp/absent in || echo "no such directory: $?"
# Interrupted, it still removes what it spilled.
mkfifo pipe
sort -S 100k pipe > killed 2>&1 &
exec 3> pipe
cat in >&3
kill $!
wait $! || echo "killed: $?"
exec 3>&-
rm /tmp/sorted
ls -A /tmp /var/tmp
