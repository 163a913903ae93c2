# SPDX-License-Identifier: LGPL-2.1-or-later
# Archivers and filters, with and without the shim: the same output and status, nothing in the
# shared /tmp during or after.

load ../common
load ../real/lib

@test "sort: spills to disk, compressed, merged, interrupted" {
	need sort gzip
	real sort
}

@test "zip: a work file in /tmp, renamed across file systems" {
	need zip unzip
	real zip run bare
}

@test "tar, gzip, bzip2, xz, zstd, cpio: trees to and from /tmp" {
	need tar bzip2 xz zstd cpio
	real tar
}

@test "rsync: to, from and through /tmp" {
	need rsync
	real rsync
}

@test "dpkg-deb and dpkg: a package built and unpacked in /tmp" {
	need dpkg-deb ar run-parts
	real deb
}

@test "openssl: keys and an authority in /tmp" {
	need openssl
	real openssl
}
