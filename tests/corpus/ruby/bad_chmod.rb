#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# A good file, opened to all.
#
# want: loose-permissions /tmp/pc*

require "tempfile"
Tempfile.create("pc") { |file| File.chmod(0o666, file.path) }
