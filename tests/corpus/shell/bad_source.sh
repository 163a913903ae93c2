#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourcing what anybody could have put there.
#
# before: umask 077; echo : >/tmp/pc-env
# want: foreign-object /tmp/pc-env

. /tmp/pc-env
