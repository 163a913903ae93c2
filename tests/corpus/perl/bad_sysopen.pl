#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# Exclusive, but of a fixed name.
#
# want: predictable-name /tmp/pc-out

use strict;
use Fcntl;
sysopen my $file, "/tmp/pc-out", O_WRONLY | O_CREAT | O_EXCL, 0600 or die;
unlink "/tmp/pc-out" or die;
