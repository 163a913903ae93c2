#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# mkfifo of a fixed name.
#
# want: predictable-name /tmp/pc-fifo

mkfifo -m 600 /tmp/pc-fifo
rm /tmp/pc-fifo
