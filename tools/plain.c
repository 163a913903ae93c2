/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading short texts in files that others may have made; see plain.h. */
#include "plain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/*
 * Whether reading FD ends, and soon, unless it may be LARGE: a FIFO, a device or a sparse
 * file need not.
 */
static bool ends(int fd, bool large)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
	return S_ISREG(st.st_mode) ? large || st.st_size <= PLAIN_MOST :
				     S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

static FILE *open_plain(const char *path, bool large)
{
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	FILE *file = fd >= 0 && ends(fd, large) ? fdopen(fd, "r") : NULL;
	const int error = errno;

	if (fd >= 0 && !file)
		close(fd);
	errno = error;
	return file;
}

FILE *plain_open(const char *path)
{
	return open_plain(path, false);
}

FILE *plain_open_large(const char *path)
{
	return open_plain(path, true);
}
