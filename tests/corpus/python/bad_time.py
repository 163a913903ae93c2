#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# The time in the name.
#
# want: predictable-name /tmp/pc-*.tmp

import os
import time

name = f"/tmp/pc-{int(time.time())}.tmp"
os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
os.unlink(name)
