#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# File.exist?, and then open.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out
# want: check-then-use /tmp/pc-out

File.umask(0o077)
unless File.exist?("/tmp/pc-out")
  File.open("/tmp/pc-out", "w") {}
  File.unlink("/tmp/pc-out")
end
