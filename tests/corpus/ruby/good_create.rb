#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# Tempfile.create with a block.
#
# want: none

require "tempfile"
Tempfile.create("pc") { |file| file.write("x") }
