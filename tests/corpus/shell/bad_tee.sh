#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Another program writes to a fixed name.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out
# want: outside-knowledge /tmp/pc-out

umask 077
echo x | tee /tmp/pc-out >/dev/null
rm /tmp/pc-out
