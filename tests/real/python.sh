# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# python3: see allforms.py. It looks itself for a directory that it can write to.
set -eu
here=$(dirname "$0")
/usr/bin/python3 -B "$here/allforms.py"
TMPDIR=/var/tmp /usr/bin/python3 -c 'import tempfile; print(tempfile.gettempdir())'
TMPDIR=/tmp/absent /usr/bin/python3 -c 'import tempfile; print(tempfile.gettempdir())'
mkdir /tmp/mine
TMPDIR=/tmp/mine /usr/bin/python3 -c 'import tempfile; f = tempfile.NamedTemporaryFile(); print(f.name[:13])'
ls -A /tmp | sort
rm -r /tmp/*
