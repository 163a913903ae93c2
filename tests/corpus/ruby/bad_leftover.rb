#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# Dir.mktmpdir without a block, and nobody removes it.
#
# want: leftover /tmp/d*

require "tmpdir"
File.write(Dir.mktmpdir + "/data", "x")
