#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# delete=False, and nobody deletes it.
#
# want: leftover /tmp/tmp*

import tempfile

tempfile.NamedTemporaryFile(delete=False).close()
