#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Data that anybody could have put there.
#
# before-other: echo evil >/tmp/pc-data
# want: foreign-object /tmp/pc-data

assert open("/tmp/pc-data").read()
