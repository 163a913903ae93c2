#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# mktemp, and nobody removes it.
#
# want: leftover /tmp/tmp.*

mktemp >/dev/null
