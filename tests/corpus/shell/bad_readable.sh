#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The usual umask.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out
# want: loose-permissions /tmp/pc-out

umask 022
echo x >/tmp/pc-out
rm /tmp/pc-out
