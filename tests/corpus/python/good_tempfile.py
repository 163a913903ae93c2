#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# TemporaryFile.
#
# want: none

import tempfile

with tempfile.TemporaryFile() as file:
    file.write(b"x")
