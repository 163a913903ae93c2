#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# $$ in the name.
#
# want: missing-exclusive /tmp/pc.*
# want: predictable-name /tmp/pc.*

umask 077
echo x >/tmp/pc.$$
rm /tmp/pc.$$
