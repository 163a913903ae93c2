/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping a session from looking old; see fresh.h. */
#include "fresh.h"
#include "lease.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory of ours that others cannot reach; -1 for any other. */
static int open_root(const char *root)
{
	int fd = open(root, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 067) &&
	    utimensat(AT_FDCWD, root, NULL, AT_SYMLINK_NOFOLLOW) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Goes down from DIR, which is closed, along PATH ("/var/tmp"). */
static void refresh_below(int dir, const char *path, size_t len)
{
	char name[POLICY_TEXT_MAX], *rest = name, *part;

	memcpy(name, path, len);
	name[len] = '\0';
	while (dir >= 0 && (part = strsep(&rest, "/"))) {
		int next;

		if (!*part)
			continue;
		utimensat(dir, part, NULL, AT_SYMLINK_NOFOLLOW);
		next = openat(dir, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(dir);
		dir = next;
	}
	if (dir >= 0)
		close(dir);
}

static void refresh_guard(const struct guard *guard)
{
	char root[POLICY_ROOT_MAX + 1];
	int fd;

	lease_root(&guard->root, root);
	fd = open_root(root);
	if (fd < 0)
		return;
	/* A link to it, in all roots but the first. */
	utimensat(fd, LEASE_NAME, NULL, AT_SYMLINK_NOFOLLOW);
	refresh_below(fd, guard->view.at, guard->view.len);
}

void session_refresh(int lease)
{
	static struct lease text;

	if (lease_read(lease, &text) < 0)
		return;
	for (unsigned i = 0; i < text.policy.guards; i++)
		refresh_guard(&text.policy.guard[i]);
}
