// SPDX-License-Identifier: LGPL-2.1-or-later
// creat of a fixed name.
//
// want: missing-exclusive /tmp/pc-out
// want: predictable-name /tmp/pc-out

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd = creat("/tmp/pc-out", 0600);

	if (fd < 0)
		return 1;
	close(fd);
	return unlink("/tmp/pc-out") != 0;
}
