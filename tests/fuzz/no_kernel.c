/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel that has no file, for libFuzzer's targets: each is linked with it, and defines
 * itself what it gives other answers to.
 */
#define _GNU_SOURCE
#include "core/owner.h"
#include "core/seccomp.h"
#include "core/sys.h"
#include "policy/real_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#pragma clang diagnostic ignored "-Wunused-parameter"
#define WEAK __attribute__((weak))

WEAK unsigned seccomp_count;

WEAK bool owner_same_mount(const struct statx *one, const struct statx *other)
{
	return one->stx_dev_major == other->stx_dev_major;
}

WEAK bool owner_is_said(const char *path, const struct statx *st,
			const struct statx *around)
{
	return false;
}

WEAK int owner_mounted(const char *path, const struct statx *st)
{
	return 0;
}

WEAK bool owner_is_said_at(const char *path, const struct statx *st)
{
	return false;
}

WEAK bool owner_may_be_root(unsigned uid)
{
	return uid == 0;
}

WEAK bool owner_is_self(unsigned uid, unsigned euid, const char *path)
{
	return uid == euid;
}

WEAK bool owner_is_system(unsigned uid, const char *path)
{
	return uid == 0;
}

WEAK unsigned sys_geteuid(void)
{
	return 0;
}

WEAK int sys_move_apart(int fd)
{
	return fd;
}

WEAK int sys_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	return -ENOENT;
}

WEAK int sys_close(int fd)
{
	return 0;
}

WEAK int sys_look(int dirfd, const char *path, struct statx *out)
{
	return sys_statx(dirfd, path, path[0] ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH, out);
}

WEAK int sys_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	return -ENOENT;
}

WEAK ssize_t sys_readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	return -ENOENT;
}

WEAK int sys_fchmod(int fd, unsigned mode)
{
	return 0;
}

WEAK int sys_unlinkat(int dirfd, const char *path, int flags)
{
	return 0;
}

WEAK int sys_renameat2(int fromfd, const char *from, int tofd, const char *to,
		       unsigned flags)
{
	return 0;
}

WEAK long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	return -ENOSYS;
}

WEAK int sys_getpid(void)
{
	return 1;
}

WEAK int sys_getppid(void)
{
	return 1;
}

WEAK ssize_t sys_getrandom(void *buf, size_t size)
{
	memset(buf, 0, size);
	return (ssize_t)size;
}

WEAK size_t sys_decimal(unsigned long n, char *out)
{
	return (size_t)snprintf(out, SYS_DECIMAL, "%lu", n);
}

WEAK size_t policy_real_path(const char *path, char *out, size_t size)
{
	return 0;
}

WEAK size_t policy_kernel_path(const char *path, char *out, size_t size)
{
	return 0;
}
