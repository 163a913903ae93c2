// SPDX-License-Identifier: LGPL-2.1-or-later
// A number that counts up from 1. O_EXCL keeps others' files out, but not others from the name.
//
// want: predictable-name /tmp/pc-job1

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char name[64];
	int fd;

	for (int i = 1;
	     snprintf(name, sizeof name, "/tmp/pc-job%d", i) && access(name, F_OK) == 0;
	     i++)
		;
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	return fd < 0 || unlink(name) != 0;
}
