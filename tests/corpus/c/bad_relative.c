// SPDX-License-Identifier: LGPL-2.1-or-later
// The name from within the directory.
//
// want: missing-exclusive /tmp/pc-out
// want: predictable-name /tmp/pc-out

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd;

	if (chdir("/tmp") != 0)
		return 1;
	fd = open("pc-out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return 1;
	close(fd);
	return unlink("/tmp/pc-out") != 0;
}
