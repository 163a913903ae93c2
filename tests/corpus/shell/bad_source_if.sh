#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A look whether there is something to source.
#
# before: umask 077; echo : >/tmp/pc-env
# want: foreign-object /tmp/pc-env
# want: check-then-use /tmp/pc-env

[ ! -r /tmp/pc-env ] || . /tmp/pc-env
