#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A trap for EXIT is not run when SIGKILL ends it.
#
# want: leftover /tmp/tmp.*

name=$(mktemp)
trap 'rm "$name"' EXIT
kill -9 $$
