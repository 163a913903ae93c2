/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lease's lock; see lease_lock.h. */
#define _GNU_SOURCE
#include "session/lease_lock.h"
#include "session/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#ifdef SYS_fcntl64
#define SYS_FCNTL SYS_fcntl64
#else
#define SYS_FCNTL SYS_fcntl
#endif

/* Locks the first byte for the open file description. 0 or -errno. */
static int lock_description(int fd, short type, int how)
{
#ifdef __GLIBC__
	struct flock64 lock = { .l_type = type, .l_len = 1 };
#else
	struct flock lock = { .l_type = type, .l_len = 1 };
#endif
	int ret = (int)SYS3(SYS_FCNTL, fd, how, &lock);

	/* F_OFD_GETLK: what would be in the way. */
	if (ret == 0 && how == F_OFD_GETLK)
		return lock.l_type == F_UNLCK ? 0 : -EWOULDBLOCK;
	return ret == -EACCES || ret == -EAGAIN ? -EWOULDBLOCK : ret;
}

/*
 * Whether others hold such a lock: 0, or -EWOULDBLOCK. An exclusive lock would need a
 * writable descriptor, which nobody has. Two processes that both find none both remove
 * the session, which does no harm.
 */
static int ask_description(int fd)
{
	return lock_description(fd, F_WRLCK, F_OFD_GETLK);
}

/*
 * Whether RET means that flock(2) does not work here, so that members use the other
 * lock. ENOLCK does not: flock(2) may work for others, who then do not hold the other
 * lock.
 */
static bool lacks_flock(int ret)
{
	return ret == -ENOSYS || ret == -EPERM || ret == -EOPNOTSUPP || ret == -EINVAL;
}

int lease_share(int fd, bool both)
{
	int ret = sys_flock(fd, LOCK_SH | LOCK_NB), other = 0;
	const bool refused = lacks_flock(ret);

	if (refused || (both && ret == 0))
		other = lock_description(fd, F_RDLCK, F_OFD_SETLK);
	if (!refused)
		return ret;
	return other < 0 ? other : LEASE_SHARED_OTHERWISE;
}

/*
 * Whether all members of the lease FD hold the other lock, too. Where flock(2) is
 * refused to this process alone, its parent may hold that, and the other lock tells
 * nothing.
 */
static bool is_by_description(int fd)
{
	char end[sizeof LEASE_BY_DESCRIPTION - 1];
	struct statx st;
	long at;

	if (sys_statx(fd, "", AT_EMPTY_PATH, &st) < 0)
		return false;
	at = (long)st.stx_size - (long)sizeof end;
	return at > 0 && sys_pread(fd, end, sizeof end, at) == sizeof end &&
	       !memcmp(end, LEASE_BY_DESCRIPTION, sizeof end);
}

void lease_release(int fd)
{
	if (lacks_flock(sys_flock(fd, LOCK_UN)))
		lock_description(fd, F_UNLCK, F_OFD_SETLK);
}

static int own_now(int fd, bool wait)
{
	int ret = sys_flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)), other;
	const bool refused = lacks_flock(ret);

	if (ret < 0 && !refused)
		return ret;
	if (refused && !is_by_description(fd))
		return wait ? -ENOLCK : -EWOULDBLOCK;
	/* A member behind a filter may hold the other lock only. */
	other = ask_description(fd);
	if (refused)
		return other;
	if (lacks_flock(other)) /* Linux before 3.15: nobody has one */
		return 0;
	if (other < 0)
		sys_flock(fd, LOCK_UN);
	return other;
}

int lease_own(int fd, bool wait)
{
	int ret = own_now(fd, wait);

	while (wait && ret == -EWOULDBLOCK) {
		/* No lock is held meanwhile: new members can come. */
		do
			if (sys_pause(20) == -EINTR)
				return -EINTR;
		while (ask_description(fd) == -EWOULDBLOCK);
		ret = own_now(fd, wait);
	}
	return ret;
}
