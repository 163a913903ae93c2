#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# mkdtemp and rmtree.
#
# want: none

import os
import shutil
import tempfile

directory = tempfile.mkdtemp()
os.makedirs(directory + "/a/b")
open(directory + "/a/b/c", "w").close()
shutil.rmtree(directory)
