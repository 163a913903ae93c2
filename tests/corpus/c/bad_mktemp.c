// SPDX-License-Identifier: LGPL-2.1-or-later
// mktemp and creat.
//
// want: insecure-name-api /tmp/pc-*
// want: missing-exclusive /tmp/pc-*

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";
	int fd;

	mktemp(name);
	fd = creat(name, 0600);
	if (fd < 0)
		return 1;
	close(fd);
	return unlink(name) != 0;
}
