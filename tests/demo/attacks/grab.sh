# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# grab.sh: comes when the victim has gone, and reads whatever it may read of what is left.
echo ready
cat
find /tmp /var/tmp -type f -name 'demo-*' -exec cat {} + 2>/dev/null
exit 0
