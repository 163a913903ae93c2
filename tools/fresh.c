/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping a session from looking old; see fresh.h. */
#include "fresh.h"
#include "session/lease.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory of ours that others cannot reach, or -1. */
static int open_root(const struct guard *guard)
{
	char root[POLICY_ROOT_MAX + 1];
	struct stat st;
	int fd;

	lease_root(&guard->root, root);
	fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 067))
		return fd;
	close(fd);
	return -1;
}

/*
 * The root, locked for as long as we live: systemd-tmpfiles passes by a directory
 * that is, with all that is below.
 */
static int hold_root(const struct guard *guard, unsigned number)
{
	static int held[POLICY_GUARDS];	/* descriptors, plus 1 */

	if (!held[number]) {
		held[number] = open_root(guard) + 1;
		if (held[number])
			flock(held[number] - 1, LOCK_SH | LOCK_NB);
	}
	return held[number] - 1;
}

/* Goes down from DIR along PATH ("/var/tmp"). */
static void refresh_below(int dir, const char *path, size_t len)
{
	const int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	char name[POLICY_TEXT_MAX], *rest = name, *part;
	int at = openat(dir, ".", flags), next;

	memcpy(name, path, len);
	name[len] = '\0';
	while (at >= 0 && (part = strsep(&rest, "/"))) {
		if (!*part)
			continue;
		utimensat(at, part, NULL, AT_SYMLINK_NOFOLLOW);
		next = openat(at, part, flags);
		close(at);
		at = next;
	}
	if (at >= 0)
		close(at);
}

static void refresh_guard(const struct guard *guard, unsigned number)
{
	int root = hold_root(guard, number);

	if (root < 0)
		return;
	futimens(root, NULL);
	/* A link to it, in all roots but the first. */
	utimensat(root, LEASE_NAME, NULL, AT_SYMLINK_NOFOLLOW);
	refresh_below(root, guard->view.at, guard->view.len);
}

void session_refresh(int lease)
{
	static struct lease text;

	if (lease_read(lease, &text) < 0)
		return;
	for (unsigned i = 0; i < text.policy.guards; i++)
		refresh_guard(&text.policy.guard[i], i);
}
