#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# A directory that is taken as it is found.
#
# before: mkdir -m 700 /tmp/pc-dir
# want: missing-exclusive /tmp/pc-dir
# want: predictable-name /tmp/pc-dir

import os

try:
    os.mkdir("/tmp/pc-dir", 0o700)
except FileExistsError:
    pass
open("/tmp/pc-dir/data", "w").close()
os.unlink("/tmp/pc-dir/data")
