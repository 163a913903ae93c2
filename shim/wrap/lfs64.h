/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of large files. musl's headers make open64 a macro for open, but its library
 * exports both, and both are defined here. So the headers come first, and the macros
 * are undefined.
 */
#ifndef PRIVTMP_LFS64_H
#define PRIVTMP_LFS64_H

#include <stdint.h>
#include <sys/types.h>

/* The off_t of the plain names, whatever _FILE_OFFSET_BITS says. */
#ifdef __GLIBC__
typedef __off_t plain_off_t;
#else
typedef off_t plain_off_t;
#endif

/*
 * Names that exist only where time_t had 32 bits. With glibc they are exported in any
 * case, since nothing tells what the libc at run time has.
 */
#if defined __GLIBC__ && !defined __LP64__ && !defined __x86_64__
#define TIME64_NAMES

/* The beginning of its struct stat, and room: headers of a 32-bit time_t lack it. */
struct stat_time64 {
	uint64_t st_dev, st_ino;
	unsigned st_mode, st_nlink;
	char rest[168];
};

extern int __fstatat64_time64(int fd, const char *path, void *out, int flags);
#endif
#if !defined __GLIBC__ && !defined __LP64__ && !defined __x86_64__
#define TIME64_MUSL
#endif

#ifndef __GLIBC__
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#undef creat64
#undef fopen64
#undef freopen64
#undef fstatat64
#undef ftw64
#undef getdents64
#undef glob64
#undef globfree64
#undef lstat64
#undef mkostemp64
#undef mkostemps64
#undef mkstemp64
#undef mkstemps64
#undef nftw64
#undef open64
#undef openat64
#undef scandir64
#undef stat64
#undef statfs64
#undef statvfs64
#undef tmpfile64
#undef truncate64
#endif

#endif
