#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# mkdtemp, and nobody removes it.
#
# want: leftover /tmp/pc-*

import tempfile

open(tempfile.mkdtemp(prefix="pc-") + "/data", "w").close()
