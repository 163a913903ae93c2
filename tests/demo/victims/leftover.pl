# SPDX-License-Identifier: LGPL-2.1-or-later
# die() before the unlink, and in /var/tmp, where not even a reboot removes it.
use strict;
use warnings;
use File::Copy ();

$| = 1;
File::Copy::copy('payroll.txt', '/var/tmp/demo-batch') or die "copy: $!\n";
print "batch: started\n";
die "batch: no printer\n" unless -e 'printer';
unlink '/var/tmp/demo-batch';
