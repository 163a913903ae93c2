/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping a session from looking old; see keepalive.h. */
#include "keepalive.h"
#include "core/sys.h"
#include "session/hints.h"
#include "session/lease.h"
#include "session/trust.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

/*
 * Opens and locks the root of GUARD, number NUMBER, for the life of the process:
 * systemd-tmpfiles skips locked directories with all below.
 */
static int hold_root(const struct guard *guard, unsigned number)
{
	static int held[POLICY_GUARDS]; /* descriptors, plus 1 */
	char root[POLICY_ROOT_MAX + 1];
	struct statx st;

	if (!held[number]) {
		text_copy(&guard->root, root);
		held[number] = trust_open_root(root, sys_geteuid(), &st) + 1;
		if (held[number] > 0)
			sys_flock(held[number] - 1, LOCK_SH | LOCK_NB);
		else
			held[number] = 0;
	}
	return held[number] - 1;
}

/* Sets the times of NAME in DIR, or of DIR itself (NULL), to now. */
static void refresh(int dir, const char *name)
{
	SYS4(SYS_utimensat, dir, name, NULL, name ? AT_SYMLINK_NOFOLLOW : 0);
}

/* Updates the times along PATH ("secret/var/tmp") below DIR. */
static void refresh_below(int dir, const char *path, size_t len)
{
	const int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	char name[POLICY_TEXT_MAX], *rest = name, *part;
	int at = sys_openat(dir, ".", flags, 0), next;

	memcpy(name, path, len);
	name[len] = '\0';
	while (at >= 0 && (part = strsep(&rest, "/"))) {
		if (!*part)
			continue;
		refresh(at, part);
		next = sys_openat(at, part, flags, 0);
		sys_close(at);
		at = next;
	}
	if (at >= 0)
		sys_close(at);
}

static void refresh_root(int root)
{
	refresh(root, NULL);
	refresh(root, LEASE_NAME);
	refresh(root, HINTS_NAME);
}

static void refresh_guard(int root, const struct guard *guard)
{
	const size_t n = guard->root.len + 1;
	char path[POLICY_TEXT_MAX];
	size_t len = guard->prefix.len - n;

	memcpy(path, guard->prefix.at + n, len);
	memcpy(path + len, guard->view.at, guard->view.len);
	refresh_below(root, path, len + guard->view.len);
}

void keep_alive(int rootfd, int lease)
{
	static struct lease text;

	if (lease_read(lease, &text) < 0)
		return;
	refresh_root(rootfd);
	for (unsigned i = 0; i < text.policy.guards; i++) {
		const struct guard *guard = &text.policy.guard[i];
		int root = rootfd;

		if (guard->root.len != text.session.len ||
		    memcmp(guard->root.at, text.session.at, text.session.len) != 0)
			root = hold_root(guard, i);
		if (root < 0)
			continue;
		if (root != rootfd)
			refresh_root(root);
		refresh_guard(root, guard);
	}
}
