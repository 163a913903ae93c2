#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# $$ in the name.
#
# want: missing-exclusive /tmp/pc.*
# want: predictable-name /tmp/pc.*

use strict;
umask 077;
open my $file, "+>", "/tmp/pc.$$" or die;
unlink "/tmp/pc.$$" or die;
