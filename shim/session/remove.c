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
#include "session/hints.h"
#include "session/trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	OWN_NAME = sizeof ".r" + SYS_DECIMAL, /* see own_name */
	BUFFER = 32768,
	TRIES = 3,
	PASSES = 1000, /* over one directory that living processes still fill */
};

struct removal {
	int rootfd;
	unsigned long next; /* number of the next name of ours */
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
static void own_name(unsigned long n, char out[OWN_NAME])
{
	out[0] = '.';
	out[1] = 'r';
	sys_decimal(n, out + 2);
}

/* chmod 0700 of a directory that is not a link; by way of its descriptor. */
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

/* Moves a directory up into the root, to be taken apart there. */
static int move_up(struct removal *r, int dirfd, const char *name)
{
	bool mended = false;

	for (;;) {
		char to[OWN_NAME];
		int ret;

		own_name(r->next, to);
		ret = sys_renameat(dirfd, name, r->rootfd, to);
		if (ret == 0) {
			r->next++;
			return 0;
		}
		if (ret == -ENOTEMPTY || ret == -EEXIST || ret == -ENOTDIR) {
			r->next++; /* left by a remover that died, or planted */
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

/* Whether a name is one of ours, that waits in the root for its turn. */
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
 * One pass over the directory DIRFD. Returns how many entries could not be
 * dealt with; *PROGRESS is how many could.
 */
static unsigned long one_pass(struct removal *r, int dirfd, unsigned long *progress,
			      bool tell)
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

/*
 * Empties the directory DIRFD as far as it can be, and then tries to remove it by NAME in
 * PARENT. 0, or -errno of that. TELL: remember what is left.
 */
static int empty(struct removal *r, int dirfd, int parent, const char *name, bool tell)
{
	unsigned long progress = 1, left = 0;
	int ret = -ENOTEMPTY;

	for (int pass = 0; pass < PASSES && progress; pass++) {
		if (pass)
			SYS3(SYS_lseek, dirfd, 0, SEEK_SET);
		left = one_pass(r, dirfd, &progress, false);
		if (left || !name)
			continue;
		/* What was read while it changed may have been passed over. */
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

static int open_dir(int dirfd, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = sys_openat(dirfd, name, flags, 0);

	if (fd == -EACCES && mend(dirfd, name) == 0)
		fd = sys_openat(dirfd, name, flags, 0);
	return fd;
}

/* Takes apart the directory that waits in the root under NAME. Whether it is gone. */
static bool take_apart(struct removal *r, const char *name, bool tell)
{
	unsigned long before = r->remains->count;
	int fd, ret = sys_unlinkat(r->rootfd, name, AT_REMOVEDIR);

	/* What was moved may have become another just before. */
	if (ret == -ENOTDIR)
		ret = sys_unlinkat(r->rootfd, name, 0);
	if (ret == 0 || ret == -ENOENT)
		return true;
	fd = open_dir(r->rootfd, name);
	if (fd >= 0) {
		ret = empty(r, fd, r->rootfd, name, tell);
		sys_close(fd);
	} else {
		ret = fd;
	}
	if (ret == 0 || ret == -ENOENT)
		return true;
	if (tell && r->remains->count == before) /* else its contents are named */
		remember(r, name, ret);
	return false;
}

/*
 * One pass over what waits. Returns how many are left, with a buffer of its own: the
 * other is used below.
 */
static unsigned long pass_waiting(struct removal *r, char *buffer,
				  unsigned long *progress, bool tell)
{
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
			/* What has been moved up waits from now on. */
			*progress += r->next - next;
		}
	}
	return left;
}

/* Takes apart all that waits, and what that brings up. */
static void take_all_apart(struct removal *r, char *buffer)
{
	unsigned long progress, left, next;

	do {
		next = r->next;
		left = pass_waiting(r, buffer, &progress, false);
	} while (progress && (left || r->next != next));
	if (left)
		pass_waiting(r, buffer, &progress, true);
}

/*
 * Removes everything but the entry KEEP (NULL: none) in the directory ROOTFD, which
 * nobody but the caller can write to.
 */
static int remove_contents(int rootfd, const char *keep, struct remains *remains)
{
	struct removal r = { .rootfd = rootfd, .keep = keep };
	int error;

	r.remains = remains ? remains : &r.here;
	r.buffer = sys_pages(2 * BUFFER, &error);
	if (!r.buffer)
		return -error;
	empty(&r, rootfd, -1, NULL, true);
	take_all_apart(&r, r.buffer + BUFFER);
	sys_unmap(r.buffer, 2 * BUFFER);
	return r.remains->count ? -r.remains->error : 0;
}

/*
 * Removes the empty directory FD by its name ROOT. There is no call that does so by the
 * descriptor: an empty directory of somebody else's, which is there since a moment,
 * may go in its place.
 */
static int remove_name(int fd, const char *root)
{
	struct statx by_fd, by_name;
	int ret = sys_statx(fd, "", AT_EMPTY_PATH, &by_fd);

	if (ret == 0)
		ret = sys_statx(AT_FDCWD, root, AT_SYMLINK_NOFOLLOW, &by_name);
	/* Gone already, or the name is another's by now. */
	if (ret == -ENOENT || (ret == 0 && !trust_same(&by_fd, &by_name)))
		return 0;
	if (ret == 0)
		ret = sys_unlinkat(AT_FDCWD, root, AT_REMOVEDIR);
	return ret == -ENOENT ? 0 : ret;
}

int remove_root(int fd, const char *root, struct remains *remains)
{
	int ret = -ENOTEMPTY;

	/* What is written meanwhile may be passed over once. */
	for (int i = 0; i < TRIES && ret == -ENOTEMPTY; i++) {
		SYS3(SYS_lseek, fd, 0, SEEK_SET);
		ret = remove_contents(fd, LEASE_NAME, remains);
		if (ret < 0)
			continue;
		/* Until then it says whose it is: another may have to go on. */
		sys_unlinkat(fd, LEASE_NAME, 0);
		ret = remove_name(fd, root);
	}
	return ret;
}

/*
 * Removes a backing that is empty again, as is usual. Another is moved away, to be taken
 * apart: threads that still write there stop finding it.
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
		char to[OWN_NAME];

		own_name(number, to);
		sys_renameat(rootfd, path, rootfd, to);
	}
	/* And what led there. */
	for (char *end; (end = strrchr(path, '/'));) {
		*end = '\0';
		if (sys_unlinkat(rootfd, path, AT_REMOVEDIR) < 0)
			return;
	}
}

static bool is_text(const struct text *text, const char *string)
{
	return text->len == strlen(string) && !memcmp(text->at, string, text->len);
}

/* Whether the root DIRFD says of itself that it is ROOT, a part of LEASE's session. */
static bool is_part(int dirfd, const char *root, const struct lease *lease)
{
	struct lease_part part;

	return lease_read_part(dirfd, &part) == 0 && !strcmp(part.root, root) &&
	       is_text(&lease->session, part.session);
}

/* Removes texts that were not named before their writer died. */
static void remove_unnamed(int dirfd)
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

/* A sweep spares a young root without a lease: an old time lets it take this one. */
static void look_old(int fd)
{
	const struct timespec old[2] = { { 0, 0 }, { 0, 0 } };

	SYS4(SYS_utimensat, fd, NULL, old, 0);
}

/* Removes the further root of GUARD. 0 or -errno. */
static int remove_part(const struct lease *lease, const struct guard *guard,
		       unsigned owner, struct remains *remains)
{
	char root[POLICY_ROOT_MAX + 1];
	struct statx st;
	int fd, ret;

	text_copy(&guard->root, root);
	fd = trust_open_root(root, owner, &st);
	if (fd == -EACCES && sys_statx(AT_FDCWD, root, AT_SYMLINK_NOFOLLOW, &st) == 0 &&
	    st.stx_uid != owner)
		fd = -EPERM;
	/* Never made, or not ours: then its name is somebody else's. */
	if (fd < 0)
		return fd == -ENOENT || fd == -EPERM || fd == -ENOTDIR || fd == -ELOOP ?
			       0 :
			       fd;
	if (is_part(fd, root, lease)) {
		remove_backing(fd, guard, 0);
		ret = remove_root(fd, root, remains);
		if (ret < 0)
			look_old(fd);
	} else {
		/* Whoever made it has not come to say so: it is empty but for that. */
		remove_unnamed(fd);
		ret = remove_name(fd, root);
	}
	sys_close(fd);
	return ret;
}

/* Whether one of the guards before number I has the same root. */
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
	struct remains none = { 0, 0, "" };
	char session[POLICY_ROOT_MAX + 1];
	int first = 0, ret;
	struct statx st;

	if (!remains)
		remains = &none;
	ret = sys_statx(rootfd, "", AT_EMPTY_PATH, &st);
	if (ret < 0)
		return ret;
	/* From now on nobody joins. */
	sys_unlinkat(rootfd, LEASE_NAME, 0);
	text_copy(&lease->session, session);
	for (unsigned i = 0; i < policy->guards; i++) {
		const struct guard *guard = &policy->guard[i];

		if (is_text(&guard->root, session)) {
			remove_backing(rootfd, guard, i);
			continue;
		}
		if (is_repeated(policy, i))
			continue;
		ret = remove_part(lease, guard, st.stx_uid, remains);
		if (ret < 0 && !first)
			first = ret;
	}
	/* Most often there is nothing but the hints. */
	sys_unlinkat(rootfd, HINTS_NAME, 0);
	ret = remove_name(rootfd, session);
	if (ret == -ENOTEMPTY || ret == -EEXIST)
		ret = remove_root(rootfd, session, remains);
	if (ret < 0)
		look_old(rootfd);
	return ret < 0 && !first ? ret : first;
}
