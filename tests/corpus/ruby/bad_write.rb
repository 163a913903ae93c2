#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# File.write of a fixed name.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out

File.umask(0o077)
File.write("/tmp/pc-out", "x")
File.unlink("/tmp/pc-out")
