#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# TemporaryDirectory, with a file in it that anybody knows the name of.
#
# want: none

import os
import tempfile

with tempfile.TemporaryDirectory() as directory:
    with open(directory + "/data", "w") as file:
        file.write("x")
    assert os.path.exists(directory + "/data")
    assert open(directory + "/data").read() == "x"
