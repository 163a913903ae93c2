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

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

/* Whether NAME (LEN bytes) is a directory in a shared one. */
static bool is_shared(const char *name, size_t len)
{
	return len && name[0] == '/' && view_guard_of(name, len, NULL) >= 0 &&
	       view_backing_of(name, len) < 0;
}

/* The kernel's name of the directory DIRFD, by procfs. Its length, or -errno. */
static ssize_t name_of(int dirfd, char out[PATH_MAX])
{
	ssize_t n = dirfd == AT_FDCWD ? sys_readlinkat(AT_FDCWD, "/proc/self/cwd", out,
						       PATH_MAX - 1) :
					sys_fd_name(dirfd, out, PATH_MAX - 1);

	if (n >= 0)
		out[n] = '\0';
	return n;
}

/*
 * The same of a directory above. So many levels at once are shorter than what is left of
 * a name that is too long, without that of any guarded directory.
 */
static ssize_t name_above(int dirfd, char out[PATH_MAX])
{
	static const char up[] = "../../../../../../../..";
	ssize_t n = -ENAMETOOLONG;
	int fd = dirfd;

	while (n == -ENAMETOOLONG) {
		int above = sys_openat(fd, up, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);

		if (fd != dirfd)
			sys_close(fd);
		fd = above;
		n = fd < 0 ? fd : name_of(fd, out);
	}
	if (fd >= 0)
		sys_close(fd);
	return n;
}

size_t inherited_name(int dirfd, char out[PATH_MAX], enum inherited *what)
{
	ssize_t n = dirfd == AT_FDCWD ? sys_getcwd(out, PATH_MAX) - 1 : -ENOENT - 1;

	*what = INHERITED_NAMED;
	if (n == -ENOENT - 1) {
		*what = dirfd == AT_FDCWD ? INHERITED_GONE : INHERITED_NAMED;
		n = name_of(dirfd, out);
	}
	if (n == -ENAMETOOLONG || n == -ENAMETOOLONG - 1) {
		*what = INHERITED_BELOW;
		n = name_above(dirfd, out);
	}
	return n > 0 ? (size_t)n : 0;
}

/*
 * Enough for most names. Longer ones are looked at by functions of their own, since what is
 * asked here comes with a first call, which can be a handler's on a small stack.
 */
enum { SHORT = 512 };

static __attribute__((noinline)) void know_long_cwd(void)
{
	char cwd[PATH_MAX];
	enum inherited what;
	const size_t len = inherited_name(AT_FDCWD, cwd, &what);

	if (len && is_shared(cwd, len))
		view_exact();
}

void view_know_cwd(void)
{
	char cwd[SHORT];
	const ssize_t n = sys_getcwd(cwd, sizeof cwd);

	if (n <= 0)
		know_long_cwd();
	else if (is_shared(cwd, (size_t)n - 1))
		view_exact();
}

/* The same of the entry NAME of FDS (/proc/self/fd). */
static size_t name_of_entry(int fds, const char *name, char out[PATH_MAX])
{
	ssize_t n = sys_readlinkat(fds, name, out, PATH_MAX);
	enum inherited what;
	int fd;

	if (n != -ENAMETOOLONG)
		return n > 0 ? (size_t)n : 0;
	fd = sys_openat(fds, name, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	n = (ssize_t)inherited_name(fd, out, &what);
	sys_close(fd);
	return (size_t)n;
}

static __attribute__((noinline)) bool is_shared_long(int fds, const char *name)
{
	char to[PATH_MAX];
	const size_t len = name_of_entry(fds, name, to);

	return is_shared(to, len);
}

/* Whether the entry NAME of FDS has a name in a shared directory. */
static bool is_shared_name(int fds, const char *name)
{
	char to[SHORT];
	const ssize_t n = sys_readlinkat(fds, name, to, sizeof to);

	if (n == -ENAMETOOLONG || n == (ssize_t)sizeof to)
		return is_shared_long(fds, name);
	return n > 0 && is_shared(to, (size_t)n);
}

/* Whether that is such a directory. */
static bool is_shared_fd(int fds, const char *name)
{
	struct statx st;

	/* A file is no start of a path, and the more usual case. */
	return is_shared_name(fds, name) && sys_statx(fds, name, 0, &st) == 0 &&
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
