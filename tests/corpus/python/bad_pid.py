#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# The process number in the name.
#
# want: missing-exclusive /tmp/pc-*.tmp
# want: predictable-name /tmp/pc-*.tmp

import os

os.umask(0o077)
name = f"/tmp/pc-{os.getpid()}.tmp"
open(name, "w").close()
os.unlink(name)
