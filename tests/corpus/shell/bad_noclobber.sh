#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# set -C: exclusive, but of a fixed name.
#
# want: predictable-name /tmp/pc-out

umask 077
set -C
echo x >/tmp/pc-out
rm /tmp/pc-out
