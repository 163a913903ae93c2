// SPDX-License-Identifier: LGPL-2.1-or-later
// The time in the name. Without O_EXCL.
//
// want: predictable-name /tmp/pc-*
// want: missing-exclusive /tmp/pc-*

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	char name[64];
	int fd;

	snprintf(name, sizeof name, "/tmp/pc-%ld", (long)time(NULL));
	fd = open(name, O_RDWR | O_CREAT, 0600);
	return fd < 0 || unlink(name) != 0;
}
