#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# mkstemp, removed at the end.
#
# want: none

import os
import tempfile

descriptor, name = tempfile.mkstemp(suffix=".txt", prefix="pc-")
os.close(descriptor)
with open(name) as file:
    assert not file.read()
os.unlink(name)
