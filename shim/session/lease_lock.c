/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lease's lock; see lease_lock.h. */
#define _GNU_SOURCE
#include "session/lease_lock.h"
#include "session/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#ifdef SYS_fcntl64
#define SYS_FCNTL SYS_fcntl64
#else
#define SYS_FCNTL SYS_fcntl
#endif

/* A lock of the open file description on the first byte. 0 or -errno. */
static int lock_description(int fd, short type, int how)
{
#ifdef __GLIBC__
	struct flock64 lock = { .l_type = type, .l_len = 1 };
#else
	struct flock lock = { .l_type = type, .l_len = 1 };
#endif
	int ret = (int)SYS3(SYS_FCNTL, fd, how, &lock);

	/* Whoever only asks is told what there is. */
	if (ret == 0 && how == F_OFD_GETLK)
		return lock.l_type == F_UNLCK ? 0 : -EWOULDBLOCK;
	return ret == -EACCES || ret == -EAGAIN ? -EWOULDBLOCK : ret;
}

/*
 * Such a lock for oneself alone needs a descriptor to write by, which nobody has: so
 * one asks whether there is another lock, again and again. Two who are told no at the
 * same time both remove what there is, which does no harm.
 */
static int own_description(int fd, bool wait)
{
	int ret;

	do {
		ret = lock_description(fd, F_WRLCK, F_OFD_GETLK);
		if (ret != -EWOULDBLOCK || !wait)
			return ret;
	} while (sys_pause(20) != -EINTR);
	return -EINTR;
}

/*
 * Whether flock(2) itself cannot be had, so that others use the other lock. Not
 * ENOLCK: it may be there for others, and the other lock would say nothing of them.
 */
static bool is_refused(int ret)
{
	return ret == -ENOSYS || ret == -EPERM || ret == -EOPNOTSUPP ||
	       ret == -EINVAL;
}

int lease_share(int fd)
{
	int ret = sys_flock(fd, LOCK_SH | LOCK_NB);

	return is_refused(ret) ? lock_description(fd, F_RDLCK, F_OFD_SETLK) : ret;
}

void lease_release(int fd)
{
	if (is_refused(sys_flock(fd, LOCK_UN)))
		lock_description(fd, F_UNLCK, F_OFD_SETLK);
}

int lease_own(int fd, bool wait)
{
	int ret = sys_flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB));

	if (ret < 0 && !is_refused(ret))
		return ret;
	/* A member behind a filter may have been able to take the other one only. */
	ret = own_description(fd, wait);
	if (ret < 0)
		sys_flock(fd, LOCK_UN);
	return ret;
}
