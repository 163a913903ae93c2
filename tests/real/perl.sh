# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# perl: see allforms.pl. What File::Temp should remove at the end is gone afterwards.
set -eu
here=$(dirname "$0")
perl -T -e 'use File::Temp; print -w File::Spec->tmpdir ? "tainted\n" : "none\n"'
perl "$here/allforms.pl"
find /tmp /var/tmp
perl -MFile::Temp=tempfile -e 'my ($f, $n) = tempfile(UNLINK => 1); kill "TERM", $$' || echo "status $?"
ls -A /tmp | wc -l
echo 'print join(" ", $0, __FILE__, $^X), $/; exit 3' > /tmp/s.pl
perl /tmp/s.pl || echo "status $?"
rm /tmp/*
