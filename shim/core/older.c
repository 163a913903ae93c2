/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Replacements for system calls that the kernel lacks (the oldest supported is Linux
 * 3.10) or that a container's filter refuses, with ENOSYS or, as old filters do, with
 * EPERM.
 */
#define _GNU_SOURCE

/* The kernel's struct stat: that of a libc may differ. */
#define stat kernel_stat
#define stat64 kernel_stat64
#include <asm/stat.h>
#undef stat
#undef stat64

#include "core/older.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Members of the kernel's struct, macros in libc. */
#undef st_atime
#undef st_mtime
#undef st_ctime

#if defined SYS_newfstatat || defined SYS_fstatat64
#ifdef SYS_newfstatat
#define SYS_FSTATAT SYS_newfstatat
typedef struct kernel_stat kernel_stat_t;
#else
#define SYS_FSTATAT SYS_fstatat64
typedef struct kernel_stat64 kernel_stat_t;
#endif

static void put_device(unsigned long long device, uint32_t *major, uint32_t *minor)
{
	*major = (uint32_t)(device >> 8 & 0xfff);
	*minor = (uint32_t)((device & 0xff) | (device >> 12 & 0xfff00));
}

static struct statx_timestamp when(long long seconds, unsigned long nanoseconds)
{
	return (struct statx_timestamp){
		.tv_sec = seconds,
		.tv_nsec = (uint32_t)nanoseconds,
	};
}

int older_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	/* The flags that only statx has are about caches of network file systems. */
	const int known = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT;
	kernel_stat_t st;
	int ret = (int)SYS4(SYS_FSTATAT, dirfd, path, &st, flags & known);

	if (ret < 0)
		return ret;
	*out = (struct statx){
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = (uint32_t)st.st_blksize,
		.stx_nlink = (uint32_t)st.st_nlink,
		.stx_uid = st.st_uid,
		.stx_gid = st.st_gid,
		.stx_mode = (uint16_t)st.st_mode,
		.stx_ino = st.st_ino,
		.stx_size = (uint64_t)st.st_size,
		.stx_blocks = (uint64_t)st.st_blocks,
		.stx_atime = when((long long)st.st_atime, st.st_atime_nsec),
		.stx_mtime = when((long long)st.st_mtime, st.st_mtime_nsec),
		.stx_ctime = when((long long)st.st_ctime, st.st_ctime_nsec),
	};
	put_device(st.st_dev, &out->stx_dev_major, &out->stx_dev_minor);
	put_device(st.st_rdev, &out->stx_rdev_major, &out->stx_rdev_minor);
	return 0;
}
#else
/* 32-bit RISC-V and others that are younger than statx have no older call. */
int older_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	(void)dirfd, (void)path, (void)flags, (void)out;
	return -ENOSYS;
}
#endif

/* Whether GROUP is a group of this process. False where that is unknown. */
static bool is_own_group(unsigned group)
{
	enum { MOST = 1024 }; /* 65536 are possible, but the stack may be small */
	unsigned list[MOST];
	long n;

	if (sys_getegid() == group)
		return true;
	n = SYS2(SYS_OF_ID(getgroups), MOST, list);
	for (long i = 0; i < n; i++)
		if (list[i] == group)
			return true;
	return false;
}

/*
 * Checks the mode bits, as glibc does; needed in set-user-ID programs only. With an ACL
 * the group bits are the mask, so the answer can be too generous.
 */
static int access_by_mode(const char *path, int want)
{
	const unsigned user = sys_geteuid();
	struct statx st;
	unsigned mode;
	int ret = sys_statx(AT_FDCWD, path, 0, &st);

	if (ret < 0)
		return ret;
	mode = st.stx_mode;
	if (user == 0)
		mode |= 0600 | (S_ISDIR(mode) || (mode & 0111) ? 0100 : 0);
	if (user == 0 || user == st.stx_uid)
		mode >>= 6;
	else if (is_own_group(st.stx_gid))
		mode >>= 3;
	return (mode & (unsigned)want) == (unsigned)want ? 0 : -EACCES;
}

int older_access(const char *path, int want)
{
	/* access(2) checks the real user, who mostly is the effective one. */
	if ((unsigned)SYS1(SYS_OF_ID(getuid), 0) == sys_geteuid() &&
	    sys_getgid() == sys_getegid())
		return (int)SYS3(SYS_faccessat, AT_FDCWD, path, want);
	return access_by_mode(path, want);
}

/* Closes what /proc/self/fd lists from FROM on. 0, or -errno where it cannot be read. */
static int close_listed(int from)
{
	_Alignas(struct kernel_dirent) char room[2048];
	int dir = sys_openat(AT_FDCWD, "/proc/self/fd",
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	ssize_t n;

	if (dir < 0)
		return dir;
	while ((n = sys_getdents(dir, room, sizeof room)) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct kernel_dirent *entry = (const void *)(room + at);
			int fd = 0;

			for (const char *c = entry->name; *c >= '0' && *c <= '9'; c++)
				fd = fd * 10 + (*c - '0');
			if (fd >= from && fd != dir)
				sys_close(fd);
			at += entry->len;
		}
	sys_close(dir);
	return (int)n;
}

void older_close_from(int from)
{
	enum { UNLISTED = 65536 }; /* takes some milliseconds; few programs have more */

	if (close_listed(from) == 0)
		return;
	for (int fd = from; fd < UNLISTED; fd++)
		sys_close(fd);
}
