#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# File::Temp as an object.
#
# want: none

use strict;
use File::Temp;
my $file = File::Temp->new(SUFFIX => ".txt");
print $file "x";
open my $again, "<", $file->filename or die;
