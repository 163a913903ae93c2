#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# touch of a fixed name.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out

umask 077
touch /tmp/pc-out
rm /tmp/pc-out
