/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The working directory and the descriptors that a process has inherited: a relative
 * path can start there although the shim has not seen how the program got there. See
 * inherited.h.
 */
#define _GNU_SOURCE
#include "policy/inherited.h"
#include "core/sys.h"
#include "policy/view.h"

#include <fcntl.h>
#include <limits.h>

/* Whether NAME (LEN bytes) is a directory in a shared one. */
static bool is_shared(const char *name, size_t len)
{
	return len && name[0] == '/' && view_guard_of(name, len, NULL) >= 0 &&
	       view_backing_of(name, len) < 0;
}

void view_know_cwd(void)
{
	char cwd[PATH_MAX];
	ssize_t n = sys_getcwd(cwd, sizeof cwd);

	if (n > 0 && is_shared(cwd, (size_t)n - 1))
		view_exact();
}

/* Whether the entry NAME of FDS (/proc/self/fd) is such a directory. */
static bool is_shared_fd(int fds, const char *name)
{
	char to[PATH_MAX];
	ssize_t n = sys_readlinkat(fds, name, to, sizeof to);
	struct statx st;

	/* A file is no start of a path, and the more usual case. */
	return n > 0 && is_shared(to, (size_t)n) && sys_statx(fds, name, 0, &st) == 0 &&
	       S_ISDIR(st.stx_mode);
}

void view_know_fds(void)
{
	union {
		char bytes[1024];
		uint64_t align;
	} room;
	int fds;
	ssize_t n;

	if (__atomic_exchange_n(&pt_view.fds_known, true, __ATOMIC_RELAXED) ||
	    view_is_exact())
		return;
	fds = sys_openat(AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC,
			 0);
	if (fds < 0)
		return;
	while (!view_is_exact() && (n = sys_getdents(fds, room.bytes, sizeof room)) > 0) {
		for (ssize_t at = 0; at < n;) {
			const void *place = room.bytes + at;
			const struct kernel_dirent *entry = place;

			if (entry->name[0] != '.' && is_shared_fd(fds, entry->name))
				view_exact();
			at += entry->len;
		}
	}
	sys_close(fds);
}
