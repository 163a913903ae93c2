#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# The date in the name.
#
# want: predictable-name /tmp/pc-*.log

import os
import time

name = time.strftime("/tmp/pc-%Y%m%d.log")
os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
os.unlink(name)
