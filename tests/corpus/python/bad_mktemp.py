#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# tempfile.mktemp looks for a free name, and the open takes what is there by then.
#
# want: missing-exclusive /tmp/tmp*
# want: check-then-use /tmp/tmp*

import os
import tempfile

os.umask(0o077)
name = tempfile.mktemp()
open(name, "w").close()
os.unlink(name)
