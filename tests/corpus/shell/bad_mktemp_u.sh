#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# mktemp -u, and then >.
#
# want: insecure-name-api /tmp/tmp.*
# want: missing-exclusive /tmp/tmp.*

umask 077
name=$(mktemp -u)
echo x >"$name"
rm "$name"
