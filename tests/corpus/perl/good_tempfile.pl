#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# tempfile with UNLINK.
#
# want: none

use strict;
use File::Temp "tempfile";
my ($file, $name) = tempfile(UNLINK => 1);
print $file "x";
