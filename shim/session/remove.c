/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removing a session and its roots; see remove.h. */
#define _GNU_SOURCE
#include "session/remove.h"
#include "core/sys.h"
#include "session/hints.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { TRIES = 3 };

/*
 * Removes the empty directory FD by its name ROOT. No system call does that by the
 * descriptor: in a race, an empty directory of somebody else's may be removed instead.
 * -ESTALE where it is still there, but that name is gone, or belongs to another directory.
 */
static int remove_name(int fd, const char *root)
{
	struct statx by_fd, by_name;
	int ret = sys_statx(fd, "", AT_EMPTY_PATH, &by_fd);

	if (ret < 0)
		return ret == -ENOENT || ret == -ESTALE ? 0 : ret;
	ret = sys_look(AT_FDCWD, root, &by_name);
	if (ret == -ENOENT || (ret == 0 && !trust_same(&by_fd, &by_name)))
		return by_fd.stx_nlink ? -ESTALE : 0;
	if (ret == 0)
		ret = sys_unlinkat(AT_FDCWD, root, AT_REMOVEDIR);
	return ret == -ENOENT ? 0 : ret;
}

int remove_root(int fd, const char *root, struct remains *remains)
{
	int ret = -ENOTEMPTY;

	/* A pass may miss what is written meanwhile. */
	for (int i = 0; i < TRIES && ret == -ENOTEMPTY; i++) {
		ret = remove_contents(fd, LEASE_NAME, remains);
		if (ret < 0)
			continue;
		/* Removed last: until then another remover can go on by it. */
		if (sys_unlinkat(fd, LEASE_NAME, 0) == -EISDIR)
			remove_contents(fd, NULL, remains);
		ret = remove_name(fd, root);
	}
	return ret;
}

/*
 * Removes a backing, which mostly is empty. Another one is moved away, to be emptied:
 * threads that still write there no longer find it.
 */
static void remove_backing(int rootfd, const struct guard *guard, unsigned number)
{
	const char *secret = guard->root.at + guard->root.len + 1;
	size_t n = guard->prefix.len - guard->root.len - 1;
	char path[POLICY_BACKING];

	if (n + guard->view.len >= sizeof path)
		return;
	memcpy(path, secret, n);
	memcpy(path + n, guard->view.at, guard->view.len);
	path[n + guard->view.len] = '\0';
	if (sys_unlinkat(rootfd, path, AT_REMOVEDIR) < 0) {
		char to[REMOVE_OWN_NAME];

		remove_own_name(number, to);
		sys_renameat(rootfd, path, rootfd, to);
	}
	/* Then its parents. */
	for (char *end; (end = strrchr(path, '/'));) {
		*end = '\0';
		if (sys_unlinkat(rootfd, path, AT_REMOVEDIR) < 0)
			return;
	}
}

/* Removes texts whose writer died before it gave them their name. */
static __attribute__((noinline)) void remove_unnamed(int dirfd)
{
	char buffer[1024] __attribute__((aligned(8)));
	ssize_t n = sys_getdents(dirfd, buffer, sizeof buffer);

	for (ssize_t at = 0; at < n;) {
		struct kernel_dirent *entry = (struct kernel_dirent *)(buffer + at);

		at += entry->len;
		if (!strncmp(entry->name, LEASE_NAME ".", sizeof LEASE_NAME))
			sys_unlinkat(dirfd, entry->name, 0);
	}
}

/* Sets an old time: a sweep skips a young root without a lease. */
static void look_old(int fd)
{
	const struct timespec old[2] = { { 0, 0 }, { 0, 0 } };

	SYS4(SYS_utimensat, fd, NULL, old, 0);
}

/* Removes the further root of GUARD. 0 or -errno. Apart: handlers exit on small stacks. */
static __attribute__((noinline)) int remove_part(const struct lease *lease,
						 const struct guard *guard,
						 unsigned owner, struct remains *remains)
{
	char root[POLICY_ROOT_MAX + 1];
	struct statx st;
	int fd, ret;

	text_copy(&guard->root, root);
	fd = trust_open_root(root, owner, &st);
	/* Never made, or the name belongs to somebody else. */
	if (fd < 0)
		return fd == -ENOENT || fd == -EPERM || fd == -ENOTDIR || fd == -ELOOP ?
			       0 :
			       fd;
	if (lease_is_part(fd, root, lease)) {
		remove_backing(fd, guard, 0);
		ret = remove_root(fd, root, remains);
		if (ret < 0)
			look_old(fd);
	} else {
		/*
		 * Its maker died before it wrote the text, so there is nothing else in
		 * it.
		 */
		remove_unnamed(fd);
		ret = remove_name(fd, root);
	}
	sys_close(fd);
	return ret;
}

/* Whether a guard before number I has the same root. */
static bool is_repeated(const struct policy *policy, unsigned i)
{
	const struct text *root = &policy->guard[i].root;

	for (unsigned n = 0; n < i; n++)
		if (policy->guard[n].root.len == root->len &&
		    !memcmp(policy->guard[n].root.at, root->at, root->len))
			return true;
	return false;
}

int remove_session(const struct lease *lease, int rootfd, struct remains *remains)
{
	const struct policy *policy = &lease->policy;
	char session[POLICY_ROOT_MAX + 1];
	int first = 0, ret;
	struct statx st;

	ret = sys_statx(rootfd, "", AT_EMPTY_PATH, &st);
	if (ret < 0)
		return ret;
	/* From now on nobody can join. */
	sys_unlinkat(rootfd, LEASE_NAME, 0);
	text_copy(&lease->session, session);
	for (unsigned i = 0; i < policy->guards; i++) {
		const struct guard *guard = &policy->guard[i];

		if (text_is(&guard->root, session)) {
			remove_backing(rootfd, guard, i);
			continue;
		}
		if (is_repeated(policy, i))
			continue;
		ret = remove_part(lease, guard, st.stx_uid, remains);
		if (ret < 0 && !first)
			first = ret;
	}
	/* Mostly only the hints are left. */
	sys_unlinkat(rootfd, HINTS_NAME, 0);
	ret = remove_name(rootfd, session);
	/* Whatever the reason: it may be hidden, or nothing be removed from where it lies. */
	if (ret < 0)
		ret = remove_root(rootfd, session, remains);
	if (ret < 0)
		look_old(rootfd);
	return ret < 0 && !first ? ret : first;
}
