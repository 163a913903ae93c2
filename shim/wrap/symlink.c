/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* symlink(2): notes links that lead across a guarded directory's border. */
#define _GNU_SOURCE
#include "route/border.h"
#include "wrap/wrap.h"

#include <errno.h>
#include <fcntl.h>

WRAP(int, symlinkat, const char *text, int dirfd, const char *path);

/*
 * The path is refused, as errno says. But the kernel looks at TEXT first: it may be empty, too
 * long, or not readable. Makes no link: the path in this call is empty.
 */
static int fail_by_text(const char *text)
{
	const int error = errno;

	REAL(symlinkat)(text, AT_FDCWD, "");
	if (errno == ENOENT && text[0])
		errno = error;
	return -1;
}

static __attribute__((noinline)) int routed_symlinkat(const char *text, int dirfd,
						      const char *path)
{
	struct route r;
	char room[route_plan(&r, dirfd, path, PARENT, ROUTE_WRITE)];

	if (route_go(&r, room) < 0)
		return fail_by_text(text);
	border_making(text, dirfd, path, &r);

	int ret = REAL(symlinkat)(text, dirfd, r.path);

	route_end(&r);
	return ret;
}

/* Whether neither the link nor its text concerns a guarded directory. */
static bool is_elsewhere(const char *text, int dirfd, const char *path)
{
	/* "/" leads to a directory above a guarded one. */
	return view_passes_at(dirfd, path) && view_passes(text) &&
	       !(text[0] == '/' && !text[1]);
}

int pt_symlinkat(const char *text, int dirfd, const char *path)
{
	if (is_elsewhere(text, dirfd, path))
		return REAL(symlinkat)(text, dirfd, path);
	return routed_symlinkat(text, dirfd, path);
}

WRAP(int, symlink, const char *text, const char *path);

int pt_symlink(const char *text, const char *path)
{
	if (is_elsewhere(text, AT_FDCWD, path))
		return REAL(symlink)(text, path);
	return routed_symlinkat(text, AT_FDCWD, path);
}
