#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# mktemp and a trap.
#
# want: none

name=$(mktemp) || exit 1
trap 'rm -f "$name"' EXIT
echo x >"$name"
read -r _ <"$name"
