#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# mkdir -p takes what is there.
#
# before: mkdir -m 700 /tmp/pc-dir
# want: missing-exclusive /tmp/pc-dir
# want: predictable-name /tmp/pc-dir

umask 077
mkdir -p /tmp/pc-dir
echo x >/tmp/pc-dir/data
rm /tmp/pc-dir/data
