#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A good file, opened to all.
#
# want: loose-permissions /tmp/tmp.*

name=$(mktemp)
chmod 666 "$name"
rm "$name"
