# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# tcsh writes every here-document to a file in /tmp and reads it back.
set -eu
cat > s.csh << 'END'
cat << EOT
one
home $home
EOT
cat << 'EOT' | sort -r
a $notexpanded
b
c
'EOT'
cd /tmp
pwd
echo $cwd
echo text > /tmp/file
if (-e /tmp/file && -w /tmp && ! -e /tmp/absent) echo tests
foreach f (/tmp/*)
	echo $f $f:t $f:h
end
mkdir d
pushd d
popd
source /tmp/absent
END
tcsh -f s.csh || echo "status $?"
tcsh -f -c 'cat << X
short
X
echo `cat /tmp/file`; rm -r /tmp/file /tmp/d; ls -A /tmp' || echo "status $?"
