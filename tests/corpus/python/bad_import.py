#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Modules from where anybody can put one.
#
# before: umask 077; echo X = 1 >/tmp/pc_settings.py
# want: foreign-object /tmp/*pc_settings*
# want: check-then-use /tmp/*pc_settings*

import sys

sys.dont_write_bytecode = True
sys.path.append("/tmp")
import pc_settings

assert pc_settings.X == 1
