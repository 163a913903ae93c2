#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Executing what anybody could have put there.
#
# before: umask 077; cp /bin/true /tmp/pc-tool
# want: foreign-object /tmp/pc-tool

/tmp/pc-tool
