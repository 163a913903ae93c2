#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# mktemp -d and a trap.
#
# want: none

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
echo x >"$dir/data"
[ -s "$dir/data" ]
