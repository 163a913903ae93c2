// SPDX-License-Identifier: LGPL-2.1-or-later
// O_TMPFILE: no name at all.
//
// want: none

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/tmp", O_RDWR | O_TMPFILE, 0600);

	return fd < 0 || write(fd, "x", 1) != 1;
}
