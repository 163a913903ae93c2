/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lease file; see lease.h. */
#define _GNU_SOURCE
#include "session/lease.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#ifdef SYS_fcntl64
#define SYS_FCNTL SYS_fcntl64
#else
#define SYS_FCNTL SYS_fcntl
#endif

void lease_root(const struct text *root, char *out)
{
	memcpy(out, root->at, root->len);
	out[root->len] = '\0';
}

void lease_path(const char *root, const char *name, char *out, size_t size)
{
	size_t n = strlen(root), m = strlen(name);

	if (n + 1 + m >= size) {
		out[0] = '\0';	/* names nothing: the call that uses it fails */
		return;
	}
	memcpy(out, root, n);
	out[n] = '/';
	memcpy(out + n + 1, name, m + 1);
}

int lease_open(const char *root)
{
	char path[POLICY_ROOT_MAX + 16];
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd;

	lease_path(root, LEASE_NAME, path, sizeof path);
	fd = sys_openat(AT_FDCWD, path, O_RDWR | flags, 0);
	/* A seccomp filter says ENOSYS or EPERM to what could write. */
	if (fd == -EACCES || fd == -EROFS || fd == -ENOSYS || fd == -EPERM)
		fd = sys_openat(AT_FDCWD, path, O_RDONLY | flags, 0);
	return fd;
}

/* A lock of the open file description on the first byte. 0 or -errno. */
static int lock_description(int fd, short type, bool wait)
{
#ifdef __GLIBC__
	struct flock64 lock = { .l_type = type, .l_len = 1 };
#else
	struct flock lock = { .l_type = type, .l_len = 1 };
#endif
	int ret = (int)SYS3(SYS_FCNTL, fd, wait ? F_OFD_SETLKW : F_OFD_SETLK,
			    &lock);

	return ret == -EACCES || ret == -EAGAIN ? -EWOULDBLOCK : ret;
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

	return is_refused(ret) ? lock_description(fd, F_RDLCK, false) : ret;
}

int lease_own(int fd, bool wait)
{
	int ret = sys_flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB));

	if (ret < 0 && !is_refused(ret))
		return ret;
	ret = lock_description(fd, F_WRLCK, wait);
	if (ret < 0)
		sys_flock(fd, LOCK_UN);
	return ret;
}

int lease_parse(struct lease *lease)
{
	const size_t head = LEASE_HEAD_LEN;

	if (lease->len <= head ||
	    memcmp(lease->text, LEASE_HEAD, sizeof LEASE_HEAD - 1) ||
	    lease->text[head - 1] != '\n' ||
	    policy_parse(lease->text + head, lease->len - head,
			 &lease->policy) < 0 ||
	    !lease->policy.session.len || !lease->policy.guards)
		return -EBADMSG;
	return 0;
}

int lease_read(int fd, struct lease *lease)
{
	ssize_t n = sys_pread(fd, lease->text, sizeof lease->text, 0);

	if (n < 0)
		return (int)n;
	lease->len = (size_t)n;
	return lease_parse(lease);
}

bool lease_kept(const struct policy *policy, const void *flags)
{
	return policy->keep == KEEP_ALWAYS ||
	       (policy->keep == KEEP_FAILURE &&
		((const char *)flags)[LEASE_FAILED] == 'f');
}
