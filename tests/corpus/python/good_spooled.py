#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# A spooled file that grows beyond its memory.
#
# want: none

import tempfile

with tempfile.SpooledTemporaryFile(max_size=10) as file:
    file.write(b"x" * 100)
