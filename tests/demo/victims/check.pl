# SPDX-License-Identifier: LGPL-2.1-or-later
# A lock file that is made only if -e does not see it: -e follows links, and so does open.
use strict;
use warnings;

my $lock = '/tmp/demo-mail.lock';

die "mail: busy\n" if -e $lock;
open my $f, '>', $lock or die "$lock: $!\n";
print $f "locked by $$\n";
close $f;
print "mail: delivered\n";
unlink $lock;
