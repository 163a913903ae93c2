#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# The process number in the name.
#
# want: missing-exclusive /tmp/pc-*
# want: predictable-name /tmp/pc-*

File.umask(0o077)
name = "/tmp/pc-#{$$}"
File.open(name, "w") {}
File.unlink(name)
