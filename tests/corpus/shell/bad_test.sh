#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# [ -e ], and then >.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out
# want: check-then-use /tmp/pc-out

umask 077
[ -e /tmp/pc-out ] || echo x >/tmp/pc-out
rm /tmp/pc-out
