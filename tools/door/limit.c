/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Backings that are held to a size: file systems in memory, which go with the namespace;
 * see door.h.
 *
 * Each is mounted over the backing on disk, where nobody looks any more. The directory in
 * it that is mounted over the guarded one has a backing's name, because by that a shim
 * inside knows where it is (session/inside.h).
 */
#include "door/door.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum {
	FOR_EACH = 1024, /* bytes of the limit: as many files may there be, */
	AT_LEAST = 1024, /* but no fewer than these: an inode takes memory, too */
	TOP_MODE = 0700, /* of the file system's own directory, which nobody enters */
	TEXT_ROOM = 128,
};

/* What holds in the directory open as VIEW, which the new file system stands for. */
static unsigned long flags_of(int view)
{
	static const unsigned long same[][2] = {
		{ ST_NOSUID, MS_NOSUID },
		{ ST_NODEV, MS_NODEV },
		{ ST_NOEXEC, MS_NOEXEC },
	};
	struct statvfs fs;
	unsigned long flags = 0;

	if (fstatvfs(view, &fs) < 0)
		return MS_NOSUID | MS_NODEV; /* before Linux 3.12 */
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (fs.f_flag & same[i][0])
			flags |= same[i][1];
	return flags;
}

static int mount_limited(const char *path, unsigned long flags)
{
	const unsigned long long size = pt_session.lease.policy.size_limit;
	const unsigned long long files = size / FOR_EACH;
	char options[TEXT_ROOM];

	snprintf(options, sizeof options, "size=%llu,nr_inodes=%llu,mode=%o", size,
		 files < AT_LEAST ? AT_LEAST : files, TOP_MODE);
	return mount("privtmp", path, "tmpfs", flags, options) < 0 ? -errno : 0;
}

/* Makes the directory PATH in DIR as the one that is open as LIKE. Its descriptor. */
static int make_like(int dir, const char *path, int like)
{
	struct statx st;
	int ret = sys_statx(like, "", AT_EMPTY_PATH, &st), fd;

	if (ret < 0)
		return ret;
	fd = mounts_point(dir, path, false);
	if (fd < 0)
		return fd;
	ret = sys_fchmodat(dir, path, st.stx_mode & 07777);
	if (ret < 0) {
		sys_close(fd);
		return ret;
	}
	return fd;
}

/* $TMPDIR in the guarded directory NUMBER, which the session has made if it was there. */
static void make_tmpdir(int number, int disk, int dir)
{
	const char *path = getenv("TMPDIR");
	size_t inside;
	int like, made;

	if (!path || view_guard_of(path, strlen(path), &inside) != number ||
	    !path[inside] || strstr(path, "/.."))
		return;
	path += inside + strspn(path + inside, "/");
	like = sys_openat(disk, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (like < 0)
		return;
	made = make_like(dir, path, like);
	if (made >= 0)
		sys_close(made);
	sys_close(like);
}

int limit_backing(unsigned number, int view, int disk)
{
	const struct guard *guard = &pt_session.lease.policy.guard[number];
	char path[POLICY_BACKING], *name;
	int ret, top, dir;

	snprintf(path, sizeof path, "%.*s%.*s", (int)guard->prefix.len, guard->prefix.at,
		 (int)guard->view.len, guard->view.at);
	ret = mount_limited(path, flags_of(view));
	if (ret < 0)
		return ret;
	top = sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
			 0);
	if (top < 0)
		return top;
	/* ".privtmp-<id>/<secret>/tmp" */
	name = path + guard->root.len;
	while (name[-1] != '/')
		name--;
	dir = make_like(top, name, disk);
	if (dir >= 0)
		make_tmpdir((int)number, disk, dir);
	sys_close(top);
	return dir;
}
