#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# Code from where anybody can put it.
#
# before: umask 077; echo 1 >/tmp/pc-code.pl
# want: foreign-object /tmp/pc-code.pl
# want: check-then-use /tmp/pc-code.pl

use strict;
require "/tmp/pc-code.pl";
