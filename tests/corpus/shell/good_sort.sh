#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# sort makes temporary files of its own, as it should.
#
# want: none

seq 200000 | sort -S 1M --parallel=1 >/dev/null
