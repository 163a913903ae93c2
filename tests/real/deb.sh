# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# dpkg-deb, dpkg, ar: a package built in and unpacked to /tmp; its control files are looked at
# in a directory in /tmp.
set -eu
export SOURCE_DATE_EPOCH=1700000000 TZ=UTC
mkdir -p /tmp/pkg/DEBIAN /tmp/pkg/usr/share/x
cat > /tmp/pkg/DEBIAN/control <<- 'END'
	Package: x
	Version: 1
	Architecture: all
	Maintainer: Test <test@example.org>
	Description: test
END
printf '#!/bin/sh\nexit 0\n' > /tmp/pkg/DEBIAN/postinst
chmod 755 /tmp/pkg/DEBIAN/postinst
echo content > /tmp/pkg/usr/share/x/file
dpkg-deb --root-owner-group -b /tmp/pkg /tmp
dpkg-deb -I /tmp/x_1_all.deb control
dpkg-deb -f /tmp/x_1_all.deb Package Version
dpkg-deb -I /tmp/x_1_all.deb | sed -n 's/^ *[0-9]* bytes, *[0-9]* lines *//p'
dpkg-deb -c /tmp/x_1_all.deb | sed 's/.*\.\//.\//'
dpkg-deb -x /tmp/x_1_all.deb /tmp/out && cat /tmp/out/usr/share/x/file
dpkg-deb -e /tmp/x_1_all.deb /tmp/out/DEBIAN && diff -r /tmp/pkg /tmp/out && echo equal
dpkg-deb -R /tmp/x_1_all.deb /var/tmp/raw && ls -R /var/tmp/raw
ar t /tmp/x_1_all.deb
(cd /tmp && ar x x_1_all.deb && ls ./*.xz debian-binary)
ar q /tmp/lib.a /tmp/debian-binary
ar d /tmp/lib.a debian-binary
ar t /tmp/lib.a
dpkg-deb -b /tmp/absent /tmp || echo "status $?"
mkdir -p /tmp/root/var/lib/dpkg/info /tmp/root/var/lib/dpkg/updates
: > /tmp/root/var/lib/dpkg/status
dpkg --root=/tmp/root --admindir=/tmp/root/var/lib/dpkg --log=/tmp/dpkg.log \
	--force-not-root,script-chrootless --unpack /tmp/x_1_all.deb
dpkg-query --admindir=/tmp/root/var/lib/dpkg -L x
cat /tmp/root/usr/share/x/file
sed 's/^[-0-9 :]*//' /tmp/dpkg.log
run-parts --list /tmp/pkg/DEBIAN
run-parts /tmp/pkg/DEBIAN --test --regex postinst
rm -rf /tmp/* /var/tmp/*
