/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Removing the trees in a root; see remove_tree.h.
 *
 * Trees are taken apart from the top: a directory that is not empty is moved up into
 * the session's root, as ".r<N>", and is emptied later. So two descriptors and one
 * buffer suffice for any depth, ".." is never used, and a mount point shows because it
 * cannot be moved. Where the root has no room for one more name, as on a disk that others have
 * filled, or may not have that one, what could not be moved is removed where it is, from below.
 */
#define _GNU_SOURCE
#include "session/remove_tree.h"
#include "core/sys.h"
#include "session/trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	BUFFER = 32768,
	PASSES = 1000, /* over a directory that living processes fill meanwhile */
	LEAVES = 1 << 20,
};

struct removal {
	int rootfd;
	unsigned long next; /* N of the next ".r<N>" */
	bool cramped;	    /* there was no room in the root */
	bool descends;	    /* so goes down to what cannot be moved */
	unsigned long over; /* how many such a pass leaves before it ends at one */
	char stuck[256];    /* where it ended; or "" */
	char *buffer;
	const char *keep;
	struct remains *remains;
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

void remove_own_name(unsigned long n, char out[REMOVE_OWN_NAME])
{
	out[0] = '.';
	out[1] = 'r';
	sys_decimal(n, out + 2);
}

/* chmod(2) to 0700, of a directory that is no link, by its descriptor. */
static int mend(int dirfd, const char *name)
{
	char path[SYS_FD_PATH];
	int fd =
		sys_openat(dirfd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return fd;
	sys_fd_path(fd, path);
	ret = sys_fchmodat(AT_FDCWD, path, 0700);
	sys_close(fd);
	return ret;
}

/* Moves a directory up into the root, to be emptied there. */
static int move_up(struct removal *r, int dirfd, const char *name)
{
	bool mended = false;

	for (;;) {
		char to[REMOVE_OWN_NAME];
		int ret;

		remove_own_name(r->next, to);
		ret = sys_renameat(dirfd, name, r->rootfd, to);
		if (ret == 0) {
			r->next++;
			return 0;
		}
		if (ret == -ENOTEMPTY || ret == -EEXIST || ret == -ENOTDIR) {
			r->next++; /* left by a remover that died, or made on purpose */
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
static int remove_entry(struct removal *r, int dirfd, const struct kernel_dirent *entry)
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
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/*
 * Whether ENTRY may be a file that was removed while it was open, and that NFS or libfuse keeps
 * until it is closed. Removed again, it may come back under another such name.
 */
static bool is_kept_open(const struct kernel_dirent *entry)
{
	static const char nfs[] = ".nfs", fuse[] = ".fuse_hidden";

	return entry->type != DT_DIR && (!strncmp(entry->name, nfs, sizeof nfs - 1) ||
					 !strncmp(entry->name, fuse, sizeof fuse - 1));
}

/* Whether NAME was moved up into the root and waits there. */
static bool waits(const struct removal *r, int dirfd, const char *name)
{
	const char *c = name + 2;

	if (dirfd != r->rootfd || name[0] != '.' || name[1] != 'r' || !*c)
		return false;
	while (*c >= '0' && *c <= '9')
		c++;
	return !*c;
}

/*
 * Whether ERROR says that the root cannot have that name: there is no room for one more, or
 * (EXDEV) it counts for another project's quota. A mount point is EBUSY.
 */
static bool lacks_room(int error)
{
	return error == -ENOSPC || error == -EDQUOT || error == -EMLINK ||
	       error == -EXDEV;
}

/* Whether a pass ends at NAME, which could not be moved for ERROR. */
static bool ends_at(struct removal *r, const char *name, int error)
{
	if (!lacks_room(error))
		return false;
	r->cramped = true;
	if (r->over == ULONG_MAX || r->over-- > 0)
		return false;
	memcpy(r->stuck, name, strlen(name) + 1);
	return true;
}

/*
 * Makes one pass over the directory DIRFD. Returns how many entries could not be
 * removed or moved; *PROGRESS is how many could.
 */
static unsigned long one_pass(struct removal *r, int dirfd, unsigned long *progress,
			      bool tell)
{
	unsigned long left = 0;
	bool mended = false;
	ssize_t n;

	*progress = 0;
	r->stuck[0] = '\0';
	while ((n = sys_getdents(dirfd, r->buffer, BUFFER)) > 0) {
		for (ssize_t at = 0; at < n;) {
			struct kernel_dirent *entry =
				(struct kernel_dirent *)(r->buffer + at);
			int ret;

			at += entry->len;
			if (is_dots(entry->name) || waits(r, dirfd, entry->name) ||
			    (dirfd == r->rootfd && r->keep &&
			     !strcmp(entry->name, r->keep)))
				continue;
			ret = remove_entry(r, dirfd, entry);
			if (ret == -EACCES && !mended) {
				mended = true;
				if (sys_fchmod(dirfd, 0700) == 0)
					ret = remove_entry(r, dirfd, entry);
			}
			if ((ret == 0 || ret == -EBUSY) && is_kept_open(entry))
				continue;
			if (ret == 0 || ret == -ENOENT) {
				++*progress;
			} else {
				left++;
				if (ends_at(r, entry->name, ret))
					return left;
				if (tell)
					remember(r, entry->name, ret);
			}
		}
	}
	return left;
}

static int open_dir(int dirfd, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = sys_openat(dirfd, name, flags, 0);

	if (fd == -EACCES && mend(dirfd, name) == 0)
		fd = sys_openat(dirfd, name, flags, 0);
	return fd;
}

/*
 * Goes down from the directory TOP by what cannot be moved, but for the first OVER there, to
 * where there is nothing of that kind, and removes that directory. 0; -errno; 1: there is
 * nothing of that kind in TOP.
 */
static int remove_leaf(struct removal *r, int top, unsigned long over)
{
	char name[sizeof r->stuck] = "";
	int dir = top, parent = -1, ret = 1;
	unsigned long progress;

	SYS3(SYS_lseek, top, 0, SEEK_SET);
	for (r->over = over; dir >= 0; r->over = 0) {
		one_pass(r, dir, &progress, false);
		if (!r->stuck[0])
			break;
		if (parent >= 0 && parent != top)
			sys_close(parent);
		memcpy(name, r->stuck, sizeof name);
		parent = dir;
		dir = open_dir(parent, name);
	}
	r->over = ULONG_MAX;
	if (dir < 0) {
		ret = dir;
	} else if (dir != top) {
		ret = sys_unlinkat(parent, name, AT_REMOVEDIR);
		sys_close(dir);
	}
	if (parent >= 0 && parent != top)
		sys_close(parent);
	return ret;
}

/* Removes what cannot be moved out of the directory DIRFD. Returns how many directories. */
static unsigned long go_down(struct removal *r, int dirfd)
{
	unsigned long n = 0, over = 0;
	int ret = 0;

	while (n < LEAVES && ret <= 0) {
		ret = remove_leaf(r, dirfd, over);
		n += ret == 0;
		over += ret < 0;
	}
	return n;
}

/*
 * Empties the directory DIRFD as far as possible, then removes it by NAME in PARENT. 0,
 * or -errno of that. TELL: remember what is left.
 */
static int empty(struct removal *r, int dirfd, int parent, const char *name, bool tell)
{
	unsigned long progress = 1, left = 0;
	int ret = -ENOTEMPTY;

	for (int pass = 0; pass < PASSES && progress; pass++) {
		if (pass)
			SYS3(SYS_lseek, dirfd, 0, SEEK_SET);
		left = one_pass(r, dirfd, &progress, false);
		if (left && r->descends)
			progress += go_down(r, dirfd);
		if (left || !name)
			continue;
		/* readdir may miss entries while a directory changes. */
		ret = sys_unlinkat(parent, name, AT_REMOVEDIR);
		if (ret != -ENOTEMPTY && ret != -EEXIST)
			return ret;
	}
	if (left && tell) {
		SYS3(SYS_lseek, dirfd, 0, SEEK_SET);
		one_pass(r, dirfd, &progress, true);
	}
	return ret;
}

/* Empties and removes the directory NAME in the root. True where it is gone. */
static bool take_apart(struct removal *r, const char *name, bool tell)
{
	unsigned long before = r->remains->count;
	int fd, ret = sys_unlinkat(r->rootfd, name, AT_REMOVEDIR);

	/* It may have been replaced just before it was moved. */
	if (ret == -ENOTDIR)
		ret = sys_unlinkat(r->rootfd, name, 0);
	if (ret == 0 || ret == -ENOENT)
		return true;
	/* A mount point, which was not moved here: what is mounted is another's. */
	fd = ret == -EBUSY ? ret : open_dir(r->rootfd, name);
	if (fd >= 0) {
		ret = empty(r, fd, r->rootfd, name, tell);
		sys_close(fd);
	} else {
		ret = fd;
	}
	if (ret == 0 || ret == -ENOENT)
		return true;
	if (tell && r->remains->count == before) /* else its contents are reported */
		remember(r, name, ret);
	return false;
}

/*
 * Makes one pass over the waiting directories. Returns how many are left. Has a buffer
 * of its own, because the other one is used below.
 */
static unsigned long pass_waiting(struct removal *r, unsigned long *progress, bool tell)
{
	char *buffer = r->buffer + BUFFER;
	unsigned long left = 0;
	ssize_t n;

	*progress = 0;
	SYS3(SYS_lseek, r->rootfd, 0, SEEK_SET);
	while ((n = sys_getdents(r->rootfd, buffer, BUFFER)) > 0) {
		for (ssize_t at = 0; at < n;) {
			struct kernel_dirent *entry =
				(struct kernel_dirent *)(buffer + at);
			unsigned long next = r->next;

			at += entry->len;
			if (!waits(r, r->rootfd, entry->name))
				continue;
			if (take_apart(r, entry->name, tell))
				++*progress;
			else
				left++;
			/* Directories that were moved up count as progress. */
			*progress += r->next - next;
		}
	}
	return left;
}

/* Empties all waiting directories, and those that this moves up. */
static void take_all_apart(struct removal *r)
{
	unsigned long progress, left, next;

	do {
		next = r->next;
		left = pass_waiting(r, &progress, false);
	} while (progress && (left || r->next != next));
	if (left)
		pass_waiting(r, &progress, true);
}

static void empty_root(struct removal *r)
{
	SYS3(SYS_lseek, r->rootfd, 0, SEEK_SET);
	empty(r, r->rootfd, -1, NULL, true);
	take_all_apart(r);
}

int remove_contents(int rootfd, const char *keep, struct remains *remains)
{
	struct removal r = {
		.rootfd = rootfd, .keep = keep, .over = ULONG_MAX, .remains = remains
	};
	const unsigned long before = remains->count;
	int error;

	r.buffer = sys_pages(2 * BUFFER, &error);
	if (!r.buffer)
		return -error;
	empty_root(&r);
	if (r.cramped && remains->count > before) {
		remains->count = before;
		r.descends = true;
		empty_root(&r);
	}
	sys_unmap(r.buffer, 2 * BUFFER);
	return remains->count ? -remains->error : 0;
}
