# SPDX-License-Identifier: LGPL-2.1-or-later
# File::Temp::mktemp gives a name and no file; here it goes to a slow helper's command line.
use strict;
use warnings;
use File::Temp ();

my $name = File::Temp::mktemp('/tmp/demo-XXXXXX');

system("sleep 0.1; sort payroll.txt >$name") == 0 or die "sort failed\n";
open my $f, '<', $name or die "$name: $!\n";
my @people = <$f>;
close $f;
print 'sorted ', scalar @people, " people\n";
unlink $name;
