// SPDX-License-Identifier: LGPL-2.1-or-later
// The process number in the name. Without O_EXCL.
//
// want: predictable-name /tmp/pc-*
// want: missing-exclusive /tmp/pc-*

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char name[64];
	int fd;

	snprintf(name, sizeof name, "/tmp/pc-%d", getpid());
	fd = open(name, O_RDWR | O_CREAT, 0600);
	return fd < 0 || unlink(name) != 0;
}
