/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a wrapper calls by a walk, and where it arrives. */
#ifndef DIRECT_WALK_H
#define DIRECT_WALK_H

#include "route/walk.h"

#include "direct.h"
#include "direct_view.h"

struct answer {
	int error;
	ino_t ino;
	dev_t dev;
};

static dev_t of_procfs;
static struct walk *walk;
static void ask(int dirfd, const char *path, enum follow follow, struct answer *out)
{
	struct stat st;
	const int flags = follow == FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;

	memset(out, 0, sizeof *out);
	if (fstatat(dirfd, path, &st, flags) < 0) {
		out->error = errno;
		return;
	}
	/* In procfs each process has its own. */
	out->ino = st.st_dev == of_procfs ? 0 : st.st_ino;
	out->dev = st.st_dev;
}

/* How a wrapper calls, by the walk. */
static void by_walk(int dirfd, const char *path, enum follow follow, struct answer *out)
{
	size_t len;
	int guard, ret = walk_path(walk, dirfd, path, strlen(path), follow);
	char *real, *seen;

	*out = (struct answer){ .error = -ret };
	if (ret < 0)
		return;
	if (!walk->crossed) {
		ask(dirfd, path, follow, out);
		return;
	}
	real = walk_real(walk, &len, &guard);
	seen = walk_seen(walk, real);
	ask(AT_FDCWD, seen ? seen : real, follow, out);
}

/* Its error; where it arrives, WANT by its real name, or NULL for nothing. */
static int go(int dirfd, const char *path, const char *want)
{
	struct answer is, wanted;

	by_walk(dirfd, path, FOLLOW, &is);
	if (want && !is.error) {
		ask(AT_FDCWD, want, NOFOLLOW, &wanted);
		IS(is.ino, wanted.ino);
	}
	return is.error;
}

static int open_dir(const char *path)
{
	const int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	MUST(fd >= 0);
	return fd;
}

#endif
