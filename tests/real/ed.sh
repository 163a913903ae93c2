# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# ed keeps its buffer in a nameless file in /tmp.
set -eu
printf 'one\ntwo\nthree\n' > text
ed -s text << 'END'
2s/two/TWO/
$a
four
.
1,$p
w /tmp/copy
r !cat /tmp/copy
w
f /tmp/other
f
w
E /tmp/copy
1m$
,n
w
q
END
cat text /tmp/other
printf 'e /tmp/absent\nq\n' | ed -s || echo "status $?"
printf 'r /tmp/copy\nq\n' | ed -s || echo "modified: $?"
(cd /tmp && printf 'r copy\n1d\nw sub\nq\n' | red -s && cat sub)
printf 'e /tmp/copy\n' | red -s || echo "restricted: $?"
diff -e /tmp/copy text > script || :
{
	cat script
	echo w
} | ed -s /tmp/copy && cmp /tmp/copy text && echo equal
rm /tmp/*
ls -A /tmp
