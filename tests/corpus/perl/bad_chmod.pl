#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# A good file, opened to all.
#
# want: loose-permissions /tmp/*

use strict;
use File::Temp;
my $file = File::Temp->new;
chmod 0644, $file->filename or die;
