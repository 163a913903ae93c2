#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# open() of a fixed name.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out

import os

os.umask(0o077)
with open("/tmp/pc-out", "w") as file:
    file.write("x")
os.unlink("/tmp/pc-out")
