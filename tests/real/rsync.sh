# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# rsync to, from and through /tmp, with a directory for unfinished files there.
set -eu
mkdir -p src/sub
seq 1 2000 > src/a
echo b > src/sub/b
ln -s sub/b src/link
ln src/a src/hard
rsync -aH --temp-dir=/tmp src/ dst/ && diff -r src dst && echo equal
rsync -aHi src/ /tmp/dst/ && readlink /tmp/dst/link
echo 2001 >> src/a
rsync -ai --no-times --inplace -c src/ /tmp/dst/ | grep -c . || :
(cd /tmp && rsync -a --delete --backup --backup-dir=/tmp/old --exclude sub dst/ ./third/ && find third | sort)
rm src/sub/b
# Else it hangs on the second in which the copy was made whether the times differ.
touch -d 2001-01-01 src/a
rsync -ai --delete --omit-dir-times --partial-dir=/var/tmp/part src/ /tmp/dst/
printf '%s\n' a link > /tmp/list
rsync -a --files-from=/tmp/list /tmp/dst/ /var/tmp/listed/ && ls /var/tmp/listed
rsync -a --link-dest=/tmp/dst /tmp/dst/ /tmp/linked/ && stat -c %h /tmp/linked/a
rsync /tmp/absent /tmp/x 2>&1 | sed 's/\[.*//'
rsync --list-only /tmp/dst/a | sed 's/.* //'
rm -rf /tmp/* /var/tmp/*
