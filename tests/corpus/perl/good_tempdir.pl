#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# tempdir with CLEANUP.
#
# want: none

use strict;
use File::Temp "tempdir";
my $directory = tempdir(CLEANUP => 1);
open my $file, ">", "$directory/data" or die;
close $file;
die unless -e "$directory/data";
