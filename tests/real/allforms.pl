# SPDX-License-Identifier: LGPL-2.1-or-later
# Perl's File::Temp and the file tests, finders and sockets that go with it.
use strict;
use warnings;
use Cwd qw(getcwd abs_path realpath);
use File::Copy qw(copy move);
use File::Find;
use File::Glob qw(bsd_glob);
use File::Path qw(make_path remove_tree);
use File::Spec;
use File::Temp qw(tempfile tempdir mkstemp mkdtemp mktemp unlink0 :seekable);
use IO::File;
use IO::Socket::UNIX;

$| = 1;

sub show {
    my $text = join ' ', map { defined $_ ? $_ : 'undef' } @_;
    $text =~ s{[A-Za-z0-9_]{10}(\.dat)?$}{RANDOM$1}gm if $text =~ m{^/};
    print "$text\n";
}

{
    no warnings;
    $SIG{__WARN__} = sub { print "warning: @_" };
}

print File::Spec->tmpdir, "\n";
my ($fh, $name) = tempfile(UNLINK => 1);
show $name =~ s/.{10}$/RANDOM/r, -e $name ? 'there' : 'absent', sprintf '%o', (stat $name)[2];
print $fh 'text';
close $fh;
open my $in, '<', $name or die;
show scalar <$in>;
my ($fh2, $name2) = tempfile('aXXXXXX', DIR => '/var/tmp', SUFFIX => '.dat', UNLINK => 1);
print $name2 =~ s/.{6}\.dat$/RANDOM.dat/r, "\n";
my $dir = tempdir(CLEANUP => 1);
print $dir =~ s/.{10}$/RANDOM/r, ' ', -d $dir ? 'dir' : 'none', "\n";
my $obj = File::Temp->new(TEMPLATE => 'objXXXXX', TMPDIR => 1);
print substr("$obj", 0, 8), ' ', -s $obj, "\n";
print {$obj} 'x' x 10;
$obj->flush;
print -s $obj, ' ', $obj->unlink_on_destroy, "\n";
my $objdir = File::Temp->newdir;
mkdir "$objdir/sub" or die;
my $anon = tempfile();
print {$anon} 'nameless';
seek $anon, 0, SEEK_SET;
show scalar <$anon>;
open my $undef, '+>', undef or die $!;
print {$undef} "undef\n";
seek $undef, 0, 0;
print scalar <$undef>;
my $new = IO::File->new_tmpfile or die;
print {$new} "new_tmpfile\n";
seek $new, 0, 0;
print scalar <$new>;
my ($mfh, $mname) = mkstemp('/tmp/mkXXXXXX');
show unlink0($mfh, $mname) ? 'unlinked' : 'kept', -e $mname ? 'there' : 'gone';
my $md = mkdtemp('/tmp/mdXXXXXX');
rmdir $md or die;
print -e mktemp('/tmp/mtXXXXXX') ? 'there' : 'free', "\n";

make_path("$dir/a/b/c", '/tmp/tree/x/y');
open my $out, '>', "$dir/a/file" or die;
print {$out} "content\n";
close $out;
symlink "$dir/a/file", "$dir/link" or die;
symlink '/tmp/tree', '/tmp/treelink' or die;
print readlink("$dir/link") eq "$dir/a/file" ? 'as written' : readlink("$dir/link"), "\n";
print abs_path("$dir/link") eq "$dir/a/file" ? 'resolved' : abs_path("$dir/link"), "\n";
print abs_path('/tmp/treelink/x'), ' ', realpath('/tmp/tree/../treelink/x/y/..'), "\n";
my @found;
find({ wanted => sub { push @found, $File::Find::name =~ s/^\Q$dir\E//r }, no_chdir => 1 }, $dir);
print join(' ', sort @found), "\n";
@found = ();
find(sub { push @found, $File::Find::name . ' ' . getcwd() }, '/tmp/tree');
print join("\n", sort @found), "\n";
print join(' ', sort map { s/^\Q$dir\E//r } bsd_glob("$dir/{a,link}*"), glob("$dir/a/*")), "\n";
chdir '/tmp/tree/x' or die;
print getcwd, ' ', abs_path('..'), ' ', abs_path('.'), "\n";
opendir my $d, '/tmp/tree' or die;
print join(' ', sort readdir $d), "\n";
chdir $d or die;
print getcwd, "\n";
chdir '/' or die;
copy("$dir/a/file", '/var/tmp/copied') and print -s '/var/tmp/copied', "\n";
move('/var/tmp/copied', '/tmp/moved') and print -s '/tmp/moved', "\n";
rename '/tmp/moved', '/tmp/tree/renamed' or die;
link '/tmp/tree/renamed', '/tmp/tree/hard' or die;
print +(stat '/tmp/tree/hard')[3], "\n";
chmod 0600, '/tmp/tree/hard';
truncate '/tmp/tree/hard', 3;
utime 1, 2, '/tmp/tree/hard';
print join(' ', (stat '/tmp/tree/renamed')[7, 9]), "\n";
print join(' ', map { -e "/tmp/$_" ? 1 : 0 } qw(tree absent treelink)), ' ', -l '/tmp/treelink' ? 1 : 0, ' ', -w '/tmp' ? 1 : 0, ' ', -k '/tmp' ? 1 : 0, "\n";
print `cat $dir/a/file; cd /tmp; pwd`;
open my $pipe, '|-', 'cat > /tmp/piped' or die;
print {$pipe} "piped\n";
close $pipe;
print do { local @ARGV = '/tmp/piped'; <> };
{
    local ($^I, @ARGV) = ('.bak', '/tmp/piped');
    while (<>) { s/piped/in place/; print }
}
print do { local @ARGV = ('/tmp/piped', '/tmp/piped.bak'); <> };
print do { open my $x, '<', '/tmp/absent'; "$!" }, ' ', do { mkdir '/tmp'; "$!" }, ' ', do { rmdir '/tmp/tree'; "$!" }, "\n";
my $server = IO::Socket::UNIX->new(Local => '/tmp/perl.sock', Listen => 1) or die $!;
if (!fork) {
    my $c = IO::Socket::UNIX->new(Peer => '/tmp/perl.sock') or die $!;
    print {$c} $c->peerpath, "\n";
    exit 0;
}
my $conn = $server->accept;
print scalar(<$conn>), $server->hostpath, "\n";
wait;
open my $mod, '>', '/tmp/Mod.pm';
print {$mod} "package Mod; sub file { __FILE__ } 1;\n";
close $mod;
unshift @INC, '/tmp';
require Mod;
print Mod::file(), "\n";
remove_tree('/tmp/tree', { keep_root => 1 });
unlink '/tmp/treelink', '/tmp/perl.sock', '/tmp/piped', '/tmp/piped.bak', '/tmp/Mod.pm';
rmdir '/tmp/tree' or die $!;
undef $objdir;
undef $obj;
