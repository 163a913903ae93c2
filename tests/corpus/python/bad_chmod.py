#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# A good file, opened to all.
#
# want: loose-permissions /tmp/tmp*

import os
import tempfile

with tempfile.NamedTemporaryFile() as file:
    os.chmod(file.name, 0o666)
