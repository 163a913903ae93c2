// SPDX-License-Identifier: LGPL-2.1-or-later
// tmpnam, made with O_EXCL: the name alone is at fault.
//
// want: insecure-name-api /tmp/*

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char name[L_tmpnam];
	int fd;

	tmpnam(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return 1;
	close(fd);
	return unlink(name) != 0;
}
