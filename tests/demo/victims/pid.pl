# SPDX-License-Identifier: LGPL-2.1-or-later
# A name from $$, as mail scripts make it.
use strict;
use warnings;

my $name = "/tmp/demo-mail.$$";

open my $mail, '>', $name or die "$name: $!\n";
print $mail "To: staff\n\nPaid.\n";
close $mail;
print 'mail: ', -s $name, " bytes\n";
unlink $name;
