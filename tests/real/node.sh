# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Node.js: see allforms.js.
set -eu
node "$(dirname "$0")/allforms.js"
TMPDIR=/var/tmp node -p 'os.tmpdir()'
ls -A /tmp
