#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# The usual umask: all may read it.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out
# want: loose-permissions /tmp/pc-out

import os

os.umask(0o022)
open("/tmp/pc-out", "w").close()
os.unlink("/tmp/pc-out")
