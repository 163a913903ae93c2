// SPDX-License-Identifier: LGPL-2.1-or-later
// A look whether it is there, and then an open that makes it.
//
// want: check-then-use /tmp/pc-out
// want: missing-exclusive /tmp/pc-out
// want: predictable-name /tmp/pc-out

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd;

	if (access("/tmp/pc-out", F_OK) == 0)
		return 1;
	fd = open("/tmp/pc-out", O_WRONLY | O_CREAT, 0600);
	return fd < 0 || unlink("/tmp/pc-out") != 0;
}
