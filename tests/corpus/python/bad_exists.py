#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# A look, and then an open that makes it.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out
# want: check-then-use /tmp/pc-out

import os

os.umask(0o077)
if not os.path.exists("/tmp/pc-out"):
    open("/tmp/pc-out", "w").close()
    os.unlink("/tmp/pc-out")
