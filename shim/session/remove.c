/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Removal; see remove.h.
 *
 * Trees are taken apart from the top: a directory that is not empty is moved
 * up into the session's root under a name of ours (".r<N>"), and waits there
 * for its turn. So two descriptors and one buffer do for any depth, ".." is
 * never used, and what is a mount point shows itself, since it cannot be moved.
 */
#define _GNU_SOURCE
#include "session/remove.h"
#include "core/sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BUFFER = 32768,
	PASSES = 1000,	/* over one directory that living processes still fill */
};

struct kernel_dirent {
	uint64_t ino;
	int64_t off;
	uint16_t len;
	uint8_t type;
	char name[];
};

struct removal {
	int rootfd;
	unsigned long next;	/* number of the next name of ours */
	unsigned long done;	/* entries removed or moved so far */
	char *buffer;
	const char *keep;
	struct remains *remains;
	struct remains here;
};

static void remember(struct removal *r, const char *name, int error)
{
	size_t n = strlen(name);

	if (r->remains->count++)
		return;
	if (n >= sizeof r->remains->name)
		n = sizeof r->remains->name - 1;
	r->remains->error = -error;
	memcpy(r->remains->name, name, n);
	r->remains->name[n] = '\0';
}

/* ".r<N>" */
static void own_name(unsigned long n, char out[32])
{
	out[0] = '.';
	out[1] = 'r';
	sys_decimal(n, out + 2);
}

/* chmod 0700 of a directory that is not a link; by way of its descriptor. */
static int mend(int dirfd, const char *name)
{
	char path[SYS_FD_PATH];
	int fd = sys_openat(dirfd, name,
			    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return fd;
	sys_fd_path(fd, path);
	ret = sys_fchmodat(AT_FDCWD, path, 0700);
	sys_close(fd);
	return ret;
}

/* Moves a directory up into the root, to be taken apart there. */
static int move_up(struct removal *r, int dirfd, const char *name)
{
	bool mended = false;

	for (;;) {
		char to[32];
		int ret;

		own_name(r->next, to);
		ret = sys_renameat2(dirfd, name, r->rootfd, to, 0);
		if (ret == 0) {
			r->next++;
			return 0;
		}
		if (ret == -ENOTEMPTY || ret == -EEXIST) {
			r->next++;	/* left by a remover that died */
		} else if (ret == -EACCES && !mended) {
			mended = true;
			if (mend(dirfd, name) < 0)
				return ret;
		} else {
			return ret;
		}
	}
}

/* Removes one entry of the directory DIRFD, or moves it up. */
static int remove_entry(struct removal *r, int dirfd,
			const struct kernel_dirent *entry)
{
	int ret;

	if (entry->type != DT_DIR) {
		ret = sys_unlinkat(dirfd, entry->name, 0);
		if (ret != -EISDIR || entry->type != DT_UNKNOWN)
			return ret;
	}
	ret = sys_unlinkat(dirfd, entry->name, AT_REMOVEDIR);
	if (ret == -ENOTEMPTY || ret == -EEXIST)
		ret = move_up(r, dirfd, entry->name);
	return ret;
}

static bool is_dots(const char *name)
{
	return name[0] == '.' &&
	       (!name[1] || (name[1] == '.' && !name[2]));
}

/* Whether a name is one of ours, that waits in the root for its turn. */
static bool waits(const struct removal *r, int dirfd, const char *name)
{
	return dirfd == r->rootfd && name[0] == '.' && name[1] == 'r';
}

/*
 * One pass over the directory DIRFD. Returns how many entries could not be
 * dealt with; *PROGRESS is how many could.
 */
static unsigned long one_pass(struct removal *r, int dirfd,
			      unsigned long *progress, bool tell)
{
	unsigned long left = 0;
	bool mended = false;
	ssize_t n;

	*progress = 0;
	while ((n = sys_getdents(dirfd, r->buffer, BUFFER)) > 0) {
		for (ssize_t at = 0; at < n;) {
			struct kernel_dirent *entry =
				(struct kernel_dirent *)(r->buffer + at);
			int ret;

			at += entry->len;
			if (is_dots(entry->name) ||
			    waits(r, dirfd, entry->name) ||
			    (dirfd == r->rootfd && r->keep &&
			     !strcmp(entry->name, r->keep)))
				continue;
			ret = remove_entry(r, dirfd, entry);
			if (ret == -EACCES && !mended) {
				mended = true;
				if (sys_fchmod(dirfd, 0700) == 0)
					ret = remove_entry(r, dirfd, entry);
			}
			if (ret == 0 || ret == -ENOENT) {
				++*progress;
			} else {
				left++;
				if (tell)
					remember(r, entry->name, ret);
			}
		}
	}
	return left;
}

/* Empties the directory DIRFD as far as it can be. */
static void empty(struct removal *r, int dirfd)
{
	unsigned long progress = 1, left = 0;

	for (int pass = 0; pass < PASSES && progress; pass++) {
		SYS3(SYS_lseek, dirfd, 0, SEEK_SET);
		left = one_pass(r, dirfd, &progress, false);
	}
	if (left) {
		SYS3(SYS_lseek, dirfd, 0, SEEK_SET);
		one_pass(r, dirfd, &progress, true);
	}
}

static int open_dir(int dirfd, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = sys_openat(dirfd, name, flags, 0);

	if (fd == -EACCES && mend(dirfd, name) == 0)
		fd = sys_openat(dirfd, name, flags, 0);
	return fd;
}

/* Takes apart the directory that waits in the root under the number N. */
static void take_apart(struct removal *r, unsigned long n)
{
	char name[32];
	int fd, ret;

	own_name(n, name);
	ret = sys_unlinkat(r->rootfd, name, AT_REMOVEDIR);
	/* What was moved may have become another just before. */
	if (ret == -ENOTDIR)
		ret = sys_unlinkat(r->rootfd, name, 0);
	if (ret == 0 || ret == -ENOENT)
		return;
	fd = open_dir(r->rootfd, name);
	if (fd >= 0) {
		unsigned long before = r->remains->count;

		empty(r, fd);
		sys_close(fd);
		ret = sys_unlinkat(r->rootfd, name, AT_REMOVEDIR);
		if (ret < 0 && r->remains->count != before)
			return;	/* its contents have been named */
	} else {
		ret = fd;
	}
	if (ret < 0 && ret != -ENOENT)
		remember(r, name, ret);
}

/* The highest number of a name of ours that an earlier remover has left. */
static unsigned long left_before(struct removal *r)
{
	unsigned long most = 0;
	ssize_t n;

	while ((n = sys_getdents(r->rootfd, r->buffer, BUFFER)) > 0) {
		for (ssize_t at = 0; at < n;) {
			struct kernel_dirent *entry =
				(struct kernel_dirent *)(r->buffer + at);
			unsigned long number = 0;

			at += entry->len;
			if (!waits(r, r->rootfd, entry->name))
				continue;
			for (const char *c = entry->name + 2; *c; c++)
				number = number * 10 +
					 (unsigned long)(*c - '0');
			if (number >= most)
				most = number + 1;
		}
	}
	return most;
}

int remove_contents(int rootfd, const char *keep, struct remains *remains)
{
	struct removal r = { .rootfd = rootfd, .keep = keep };
	int error;

	r.remains = remains ? remains : &r.here;
	r.buffer = sys_pages(BUFFER, &error);
	if (!r.buffer)
		return -error;
	r.next = left_before(&r);
	empty(&r, rootfd);
	for (unsigned long n = 0; n < r.next; n++)
		take_apart(&r, n);
	sys_unmap(r.buffer, BUFFER);
	return r.remains->count ? -r.remains->error : 0;
}

/* Removes a root in which only the lease may be left. 0, or -errno. */
static int remove_bare(const char *root)
{
	char lease[POLICY_ROOT_MAX + 16];

	lease_path(root, LEASE_NAME, lease, sizeof lease);
	sys_unlinkat(AT_FDCWD, lease, 0);
	return sys_unlinkat(AT_FDCWD, root, AT_REMOVEDIR);
}

/* Removes ROOT with everything in it; the lease goes last. */
static int remove_root(const char *root, struct remains *remains)
{
	int fd = open_dir(AT_FDCWD, root);
	int ret;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	ret = remove_contents(fd, LEASE_NAME, remains);
	sys_close(fd);
	if (ret < 0)
		return ret;	/* the lease stays, for a later sweep to find */
	ret = remove_bare(root);
	return ret == -ENOENT ? 0 : ret;
}

/* The usual case: a backing that is empty again. 0, or -errno. */
static int remove_empty(const char *root, const struct text *view)
{
	char path[POLICY_ROOT_MAX + 272];
	size_t n = strlen(root);

	if (n + view->len >= sizeof path)
		return -ENAMETOOLONG;
	memcpy(path, root, n);
	memcpy(path + n, view->at, view->len);
	path[n + view->len] = '\0';
	return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove_session(const struct lease *lease, struct remains *remains)
{
	struct remains none = { 0, 0, "" };
	int first = 0;

	if (!remains)
		remains = &none;
	/* The root with the lease goes last: it names the others. */
	for (unsigned i = lease->policy.guards; i-- > 0;) {
		const struct guard *g = &lease->policy.guard[i];
		char root[POLICY_ROOT_MAX + 1];
		int ret;

		lease_root(&g->root, root);
		ret = remove_empty(root, &g->view);
		if (i && !strncmp(root, lease->policy.session.at, g->root.len))
			continue;	/* shares the first one's root */
		if (i && ret == -ENOENT) {
			/* Never made, or half made, or half removed. */
			ret = sys_unlinkat(AT_FDCWD, root, AT_REMOVEDIR);
			if (ret == 0 || ret == -ENOENT)
				continue;
		}
		if (i == 0 && first < 0)
			return first;
		if (ret == 0 && remove_bare(root) == 0)
			continue;
		ret = remove_root(root, remains);
		if (ret < 0 && !first)
			first = ret;
	}
	return first;
}
