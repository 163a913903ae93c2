#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The date in the name.
#
# want: missing-exclusive /tmp/pc-*.log
# want: predictable-name /tmp/pc-*.log

umask 077
log=/tmp/pc-$(date +%Y%m%d).log
echo x >"$log"
rm "$log"
