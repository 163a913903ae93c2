#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A search path with a shared directory in it.
#
# before: umask 077; cp /bin/true /tmp/pc-tool
# want: foreign-object /tmp/pc-tool
# want: check-then-use /tmp/pc-tool

PATH=/tmp:$PATH
pc-tool
