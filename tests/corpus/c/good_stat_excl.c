// SPDX-License-Identifier: LGPL-2.1-or-later
// A look, and then an exclusive open: the look decides nothing.
//
// want: predictable-name /tmp/pc-out

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat st;
	int fd;

	if (stat("/tmp/pc-out", &st) == 0)
		return 1;
	fd = open("/tmp/pc-out", O_WRONLY | O_CREAT | O_EXCL, 0600);
	return fd < 0 || unlink("/tmp/pc-out") != 0;
}
