#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# A socket for all, by a fixed name.
#
# want: predictable-name /tmp/pc-sock
# want: loose-permissions /tmp/pc-sock

import os
import socket

os.umask(0)
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind("/tmp/pc-sock")
os.unlink("/tmp/pc-sock")
