/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that ask about a file, or change its mode, owner, times or size. */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#define WITH_STAT(name, call) \
	static void c_##name(const struct args *a) \
	{ \
		struct stat st; \
		RET(call); \
		if (last_result() == 0) \
			out_stat(&st); \
	}

WITH_STAT(stat, stat(P(0), &st))
WITH_STAT(lstat, lstat(P(0), &st))
WITH_STAT(fstatat, fstatat(FD(0), P(1), &st, (int)N(2, 0)))
WITH_STAT(fstat, fstat(FD(0), &st))

#ifdef __GLIBC__
#define WITH_STAT64(name, call) \
	static void c_##name(const struct args *a) \
	{ \
		struct stat64 st; \
		RET(call); \
		if (last_result() == 0) \
			out(" mode=%o size=%lld dev=%s ino=%s", st.st_mode, \
			    (long long)st.st_size, device_name((dev_t)st.st_dev), \
			    inode_name((dev_t)st.st_dev, (ino_t)st.st_ino)); \
	}

WITH_STAT64(stat64, stat64(P(0), &st))
WITH_STAT64(lstat64, lstat64(P(0), &st))
WITH_STAT64(fstatat64, fstatat64(FD(0), P(1), &st, (int)N(2, 0)))

static void c_statx(const struct args *a)
{
	struct statx st;
	memset(&st, 0, sizeof st);
	RET(statx(FD(0), P(1), (int)N(2, 0), (unsigned)N(3, 0x7ff), &st));
	if (last_result() == 0)
		out(" mode=%o nlink=%u uid=%u size=%llu ino=%s", st.stx_mode,
		    st.stx_nlink, st.stx_uid, (unsigned long long)st.stx_size,
		    inode_name((dev_t)(((st.stx_dev_major & 0xfffu) << 8) |
				       (st.stx_dev_minor & 0xffu) |
				       ((st.stx_dev_minor & ~0xffu) << 12)),
			       (ino_t)st.stx_ino));
}
#endif

/* Free space moves by itself; type, block size and name length do not. */
static void c_statfs(const struct args *a)
{
	struct statfs fs;
	RET(statfs(P(0), &fs));
	if (last_result() == 0)
		out(" type=%lx bsize=%ld namelen=%ld", (unsigned long)fs.f_type,
		    (long)fs.f_bsize, (long)fs.f_namelen);
}

static void c_statvfs(const struct args *a)
{
	struct statvfs fs;
	RET(statvfs(P(0), &fs));
	if (last_result() == 0)
		out(" bsize=%lu namemax=%lu flag=%lx", fs.f_bsize, fs.f_namemax,
		    fs.f_flag);
}

#ifdef __GLIBC__
static void c_statfs64(const struct args *a)
{
	struct statfs64 fs;
	RET(statfs64(P(0), &fs));
	if (last_result() == 0)
		out(" type=%lx namelen=%ld", (unsigned long)fs.f_type,
		    (long)fs.f_namelen);
}

static void c_statvfs64(const struct args *a)
{
	struct statvfs64 fs;
	RET(statvfs64(P(0), &fs));
	if (last_result() == 0)
		out(" bsize=%lu namemax=%lu", fs.f_bsize, fs.f_namemax);
}
#endif

static void c_pathconf(const struct args *a)
{
	RET(pathconf(P(0), (int)N(1, 0)));
}

#define SIMPLE(name, call) \
	static void c_##name(const struct args *a) \
	{ \
		RET(call); \
	}

SIMPLE(access, access(P(0), (int)N(1, 0)))
SIMPLE(faccessat, faccessat(FD(0), P(1), (int)N(2, 0), (int)N(3, 0)))
SIMPLE(eaccess, eaccess(P(0), (int)N(1, 0)))
SIMPLE(euidaccess, euidaccess(P(0), (int)N(1, 0)))
SIMPLE(chmod, chmod(P(0), (mode_t)N(1, 0)))
SIMPLE(fchmodat, fchmodat(FD(0), P(1), (mode_t)N(2, 0), (int)N(3, 0)))
SIMPLE(chown, chown(P(0), (uid_t)N(1, -1), (gid_t)N(2, -1)))
SIMPLE(lchown, lchown(P(0), (uid_t)N(1, -1), (gid_t)N(2, -1)))
SIMPLE(fchownat, fchownat(FD(0), P(1), (uid_t)N(2, -1), (gid_t)N(3, -1), (int)N(4, 0)))
SIMPLE(truncate, truncate(P(0), N(1, 0)))
#ifdef __GLIBC__
SIMPLE(truncate64, truncate64(P(0), N(1, 0)))
SIMPLE(lchmod, lchmod(P(0), (mode_t)N(1, 0)))
#endif

static const struct timeval old[2] = { { 1000, 0 }, { 2000, 0 } };
static const struct timespec old_ns[2] = { { 3000, 0 }, { 4000, 0 } };
static const struct utimbuf old_s = { 5000, 6000 };

SIMPLE(utime, utime(P(0), &old_s))
SIMPLE(utime_now, utime(P(0), NULL))
SIMPLE(utimes, utimes(P(0), old))
SIMPLE(lutimes, lutimes(P(0), old))
SIMPLE(futimesat, futimesat(FD(0), P(1), old))
SIMPLE(utimensat, utimensat(FD(0), P(1), old_ns, (int)N(2, 0)))

SIMPLE(setxattr, setxattr(P(0), a->word[1], "value", 5, (int)N(2, 0)))
SIMPLE(lsetxattr, lsetxattr(P(0), a->word[1], "value", 5, (int)N(2, 0)))
SIMPLE(removexattr, removexattr(P(0), a->word[1]))
SIMPLE(lremovexattr, lremovexattr(P(0), a->word[1]))

#define WITH_BUFFER(name, call) \
	static void c_##name(const struct args *a) \
	{ \
		char buffer[64]; \
		memset(buffer, FILL, sizeof buffer); \
		RET(call); \
		out_buffer(buffer, sizeof buffer, last_result()); \
	}

WITH_BUFFER(getxattr, getxattr(P(0), a->word[1], buffer, (size_t)N(2, 60)))
WITH_BUFFER(lgetxattr, lgetxattr(P(0), a->word[1], buffer, (size_t)N(2, 60)))
WITH_BUFFER(listxattr, listxattr(P(0), buffer, (size_t)N(1, 60)))
WITH_BUFFER(llistxattr, llistxattr(P(0), buffer, (size_t)N(1, 60)))

const struct call calls_meta[] = {
	CALL(stat),	 CALL(lstat),	    CALL(fstatat),	CALL(fstat),
	CALL(statfs),	 CALL(statvfs),	    CALL(pathconf),	CALL(access),
	CALL(faccessat), CALL(eaccess),	    CALL(euidaccess),	CALL(chmod),
	CALL(fchmodat),	 CALL(chown),	    CALL(lchown),	CALL(fchownat),
	CALL(truncate),	 CALL(utime),	    CALL(utime_now),	CALL(utimes),
	CALL(lutimes),	 CALL(futimesat),   CALL(utimensat),	CALL(setxattr),
	CALL(lsetxattr), CALL(removexattr), CALL(lremovexattr), CALL(getxattr),
	CALL(lgetxattr), CALL(listxattr),   CALL(llistxattr),
#ifdef __GLIBC__
	CALL(stat64),	 CALL(lstat64),	    CALL(fstatat64),	CALL(statx),
	CALL(statfs64),	 CALL(statvfs64),   CALL(truncate64),	CALL(lchmod),
#endif
	END_OF_CALLS
};
