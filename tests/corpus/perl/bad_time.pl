#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# The time in the name.
#
# want: predictable-name /tmp/pc*
# want: missing-exclusive /tmp/pc*

use strict;
umask 077;
my $name = "/tmp/pc" . time;
open my $file, ">", $name or die;
unlink $name or die;
