#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# -e, and then open.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out
# want: check-then-use /tmp/pc-out

use strict;
umask 077;
exit 1 if -e "/tmp/pc-out";
open my $file, ">", "/tmp/pc-out" or die;
unlink "/tmp/pc-out" or die;
