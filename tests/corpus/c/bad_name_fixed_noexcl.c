// SPDX-License-Identifier: LGPL-2.1-or-later
// The same name in each run. Without O_EXCL.
//
// want: predictable-name /tmp/pc-lock
// want: missing-exclusive /tmp/pc-lock

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char name[64];
	int fd;

	snprintf(name, sizeof name, "/tmp/pc-lock");
	fd = open(name, O_RDWR | O_CREAT, 0600);
	return fd < 0 || unlink(name) != 0;
}
