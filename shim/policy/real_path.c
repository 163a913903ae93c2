/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Resolves directories; see real_path.h. */
#define _GNU_SOURCE
#include "policy/real_path.h"
#include "core/sys.h"
#include "policy/policy.h"

#include <fcntl.h>
#include <string.h>

/* Whether some component of the plain PATH is a link. */
static bool has_link(const char *path)
{
	char upto[POLICY_PATH], text;
	size_t len = strlen(path);

	if (len >= sizeof upto)
		return false;
	for (size_t at = 1; at <= len; at++) {
		if (path[at] != '/' && path[at])
			continue;
		memcpy(upto, path, at);
		upto[at] = '\0';
		if (sys_readlinkat(AT_FDCWD, upto, &text, 1) >= 0)
			return true;
	}
	return false;
}

size_t policy_real_path(const char *path, char *out, size_t size)
{
	return has_link(path) ? policy_kernel_path(path, out, size) : 0;
}

size_t policy_kernel_path(const char *path, char *out, size_t size)
{
	ssize_t n;
	int fd;

	fd = sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	n = sys_fd_name(fd, out, size);
	sys_close(fd);
	if (n < 2 || (size_t)n >= size || out[0] != '/')
		return 0;
	out[n] = '\0';
	return (size_t)n;
}
