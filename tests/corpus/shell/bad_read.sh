#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Reading what another user wrote.
#
# before-other: echo evil >/tmp/pc-data
# want: foreign-object /tmp/pc-data

read -r _ </tmp/pc-data
