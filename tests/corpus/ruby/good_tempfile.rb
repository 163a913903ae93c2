#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# Tempfile, closed with unlink.
#
# want: none

require "tempfile"
file = Tempfile.new(["pc", ".txt"])
file.write("x")
file.flush
raise unless File.read(file.path) == "x"
file.close(true)
