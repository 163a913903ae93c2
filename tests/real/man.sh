# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# groff and man: pictures and preprocessed pages are kept in /tmp for a moment, as is the index
# of a tree of pages.
set -eu
cat > /tmp/x.1 << 'END'
.TH X 1 2020-02-02 test test
.SH NAME
x \- a page
.SH TABLE
.TS
l l.
a	b
.TE
.so more.1
END
echo 'included text' > /tmp/more.1
cd /tmp
export MANPATH=/tmp/man GROFF_NO_SGR=1
man -l /tmp/x.1 | sed '/^$/d'
mkdir -p man/man1 && gzip -c x.1 > man/man1/x.1.gz && cp more.1 man/ && man -w x && man x | wc -l
groff -t -man -Tps x.1 | sed -n '/^%%CreationDate/d; /^%%/p' | head -5
groff -Tascii -U << 'END' | sed '/^$/d'
.open out /tmp/written
.write out written by groff
.close out
.sy echo from the shell > /tmp/sy
.so /tmp/more.1
END
cat written sy
printf '.PS\nbox "in a box"\n.PE\n' | groff -p -Tps | grep -c box
apropos -M /tmp/man x 2>&1 | sed 's/ *$//' || :
man -Tps -l x.1 | sed -n 1p
mandb -q -c man 2>&1 | grep -v '^$' || :
rm -r /tmp/*
ls -A /tmp
