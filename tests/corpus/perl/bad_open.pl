#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# open ">" of a fixed name.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out

use strict;
umask 077;
open my $file, ">", "/tmp/pc-out" or die;
close $file;
unlink "/tmp/pc-out" or die;
