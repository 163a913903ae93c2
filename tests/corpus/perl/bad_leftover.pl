#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# UNLINK => 0.
#
# want: leftover /tmp/*

use strict;
use File::Temp "tempfile";
my ($file, $name) = tempfile(UNLINK => 0);
