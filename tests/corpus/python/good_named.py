#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# NamedTemporaryFile.
#
# want: none

import tempfile

with tempfile.NamedTemporaryFile() as file:
    file.write(b"x")
