#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# A file without a name.
#
# want: none

use strict;
open my $file, "+>", undef or die;
print $file "x";
