/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The working directory and descriptors of a program behind the mount door; see door.h. */
#include "door/door.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static uint64_t device_of(const struct statx *st)
{
	return (uint64_t)st->stx_dev_major << 32 | st->stx_dev_minor;
}

/* The view's name of the real path REAL (LEN bytes). */
static void put_view(struct start_name *name, const char *real, size_t len)
{
	const int guard = view_backing_of(real, len);
	const size_t cut = guard < 0 ? 0 : pt_view.policy->guard[guard].prefix.len;

	memcpy(name->view, real + cut, len - cut);
	name->view[len - cut] = '\0';
}

int start_name(struct start_name *name, const char *path)
{
	char real[PATH_MAX];
	struct statx st;
	size_t len;
	ssize_t n;
	int ret;

	name->view[0] = '\0';
	ret = sys_statx(AT_FDCWD, path ? path : ".", 0, &st);
	if (ret < 0)
		return ret;
	name->device = device_of(&st);
	name->inode = st.stx_ino;
	if (path) {
		len = strlen(path);
		if (len >= sizeof real)
			return -ENAMETOOLONG;
		memcpy(real, path, len + 1);
	} else {
		n = sys_getcwd(real, sizeof real);
		/* "(unreachable)", or a removed directory. */
		if (n <= 1 || real[0] != '/')
			return 0;
		len = (size_t)n - 1;
	}
	put_view(name, real, len);
	return 0;
}

bool start_is_same(const struct start_name *name, const char *path)
{
	struct statx st;

	return sys_statx(AT_FDCWD, path, 0, &st) == 0 && st.stx_ino == name->inode &&
	       device_of(&st) == name->device;
}

/*
 * Whether VIEW is a guarded directory of a session that is held to a size: what is mounted
 * over it is not the backing, in which the launcher stands.
 */
static bool is_exchanged(const char *view)
{
	size_t inside;

	return pt_session.lease.policy.size_limit &&
	       view_guard_of(view, strlen(view), &inside) >= 0 && !view[inside];
}

void start_settle(const struct start_name *cwd)
{
	int before;

	if (!cwd->view[0])
		return;
	before = sys_openat(AT_FDCWD, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (sys_chdir(cwd->view) == 0 &&
	    (start_is_same(cwd, ".") || is_exchanged(cwd->view)))
		return;
	if (before >= 0)
		SYS1(SYS_fchdir, before);
	report(cwd->view, "the working directory is a shared one and stays so", 0,
	       "start from another directory");
}

/* -- Descriptors -- */

/* Whether FD holds a lock, which a descriptor opened again would not hold. */
static bool holds_lock(int fd)
{
	char path[SYS_FD_PATH + 8], text[1024];
	ssize_t n;
	int info;

	snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
	info = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (info < 0)
		return false;
	n = sys_read(info, text, sizeof text - 1);
	sys_close(info);
	text[n < 0 ? 0 : n] = '\0';
	return strstr(text, "lock:") != NULL;
}

/*
 * Opens the inherited descriptor FD of the directory PATH (LEN bytes; its name outside)
 * again by its name in the view. The old one still leads to what is below the new mounts.
 */
static void reopen(int fd, const char *path, size_t len, const struct statx *st)
{
	const int flags = fcntl(fd, F_GETFL);
	size_t inside = 0;
	const bool guard = view_guard_of(path, len, &inside) >= 0 && inside == len;
	struct start_name name = { .device = device_of(st), .inode = st->stx_ino };
	int to;

	if (flags < 0 || (holds_lock(fd) && !guard))
		return;
	put_view(&name, path, len);
	/* A guarded directory is now another one, as intended. */
	if (!guard && !start_is_same(&name, name.view))
		return;
	to = sys_openat(
		AT_FDCWD, name.view,
		(flags & (O_PATH | O_NOATIME | O_NONBLOCK)) | O_DIRECTORY | O_CLOEXEC, 0);
	if (to < 0)
		return;
	SYS3(SYS_dup3, to, fd, 0);
	sys_close(to);
}

/* The descriptor that ENTRY, in the directory FDS of all, names. */
static void reopen_entry(int fds, const char *entry)
{
	char path[PATH_MAX];
	unsigned long fd;
	struct statx st;
	ssize_t n;

	if (!sys_number(entry, &fd) || fcntl((int)fd, F_GETFD) != 0 ||
	    sys_statx((int)fd, "", AT_EMPTY_PATH, &st) < 0 || !S_ISDIR(st.stx_mode))
		return;
	n = sys_readlinkat(fds, entry, path, sizeof path - 1);
	if (n <= 0 || path[0] != '/')
		return;
	path[n] = '\0';
	reopen((int)fd, path, (size_t)n, &st);
}

void start_reopen(void)
{
	union {
		char bytes[1024];
		uint64_t align;
	} room;
	int fds = sys_openat(AT_FDCWD, "/proc/self/fd",
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	ssize_t n;

	if (fds < 0)
		return;
	while ((n = sys_getdents(fds, room.bytes, sizeof room)) > 0) {
		for (ssize_t at = 0; at < n;) {
			const void *place = room.bytes + at;
			const struct kernel_dirent *entry = place;

			reopen_entry(fds, entry->name);
			at += entry->len;
		}
	}
	sys_close(fds);
}
