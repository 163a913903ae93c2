/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The walk from a directory whose name is too long for the kernel, or that lies outside of
 * the current root: by descriptors, until one has a name, or a link leads to the top; see
 * walk.h.
 */
#define _GNU_SOURCE
#include "route/walk.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* Moves the descriptor to NAME in it, which is no link. 0 or -errno. */
static int descend(struct walk *walk, const char *name)
{
	int fd = sys_openat(walk->held, name,
			    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);

	if (fd < 0)
		return fd;
	sys_close(walk->held);
	walk->held = fd;
	return 0;
}

/*
 * Goes on by the next component. 0: the descriptor, or what is ahead, is another; 1: a
 * link leads to "/"; -ENOLINK: what is left is the kernel's; or -errno.
 */
static int step(struct walk *walk, char **ahead, enum follow follow)
{
	char *end = walk->ahead + WALK_AHEAD, *slash;
	char name[NAME_MAX + 1];
	bool last, up;
	size_t len;
	long n;

	while (*ahead < end && **ahead == '/')
		++*ahead;
	slash = memchr(*ahead, '/', (size_t)(end - *ahead));
	len = (size_t)((slash ? slash : end) - *ahead);
	if (len == 0 || len > NAME_MAX)
		return -ENOLINK;
	memcpy(name, *ahead, len);
	name[len] = '\0';
	*ahead += len;
	up = !strcmp(name, "..");
	last = walk_is_last(walk, *ahead);
	if (!up && last && !walk_follows(follow, *ahead < end))
		return -ENOLINK;
	n = up || !strcmp(name, ".") ?
		    -EINVAL :
		    sys_readlinkat(walk->held, name, walk->text, WALK_TEXT - 1);
	if (n < 0) {
		/* Only a name below a long one is left: no guarded path is that long. */
		if (n != -EINVAL || (last && !up))
			return -ENOLINK;
		return descend(walk, name) < 0 ? -ENOLINK : 0;
	}
	walk->text[n] = '\0';
	if (++walk->links > SYS_LINKS)
		return -ELOOP;
	*ahead = walk_put_ahead(walk, *ahead, (size_t)n);
	if (!*ahead)
		return -ENAMETOOLONG;
	return walk->text[0] == '/';
}

ptrdiff_t walk_unnamed(struct walk *walk, int dirfd, char **ahead, enum follow follow,
		       struct start *start)
{
	ptrdiff_t ret = -ENAMETOOLONG;

	walk->held = sys_openat(dirfd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (walk->held < 0)
		return walk->held;
	while (ret == -ENAMETOOLONG || start->lost) {
		int stepped = start->lost ? walk_refuse_lost(walk, walk->held, *ahead) :
					    -ENOLINK;

		if (stepped != -ENOLINK)
			return stepped;
		stepped = step(walk, ahead, follow);
		if (stepped < 0)
			return stepped;
		if (stepped) {
			memcpy(walk_view(walk), "/", 2);
			*start = (struct start){ .top = true };
			return 1;
		}
		ret = walk_directory(walk->held, walk_view(walk), PATH_MAX, start);
	}
	return ret;
}
