# SPDX-License-Identifier: LGPL-2.1-or-later
# A directory without the sticky bit that all may write to. The kernel's protected_symlinks
# looks at sticky directories only, so that no kernel refuses a link in this one.
use strict;
use warnings;

my $dir = '/tmp/demo-out';

umask 0;
mkdir $dir, 0777 or die "$dir: $!\n";
select undef, undef, undef, 0.06;
open my $f, '>', "$dir/summary" or die "$dir/summary: $!\n";
print $f "all paid\n";
close $f;
print 'summary: ', -s "$dir/summary", " bytes\n";
unlink "$dir/summary";
rmdir $dir;
