#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# Dir.mktmpdir with a block.
#
# want: none

require "tmpdir"
Dir.mktmpdir { |directory| File.write("#{directory}/data", "x") }
