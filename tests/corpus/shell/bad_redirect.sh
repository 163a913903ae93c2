#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# > of a fixed name.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out

umask 077
echo x >/tmp/pc-out
rm /tmp/pc-out
