// SPDX-License-Identifier: LGPL-2.1-or-later
// The safe way to open what is there: compared by its descriptor.
//
// before: umask 077; echo data >/tmp/pc-data
// want: none

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat before, st;
	int fd;

	if (lstat("/tmp/pc-data", &before) != 0 || !S_ISREG(before.st_mode))
		return 1;
	fd = open("/tmp/pc-data", O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0)
		return 1;
	return st.st_ino != before.st_ino || st.st_dev != before.st_dev ||
	       st.st_uid != getuid();
}
