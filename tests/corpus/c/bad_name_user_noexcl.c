// SPDX-License-Identifier: LGPL-2.1-or-later
// The user in the name. Without O_EXCL.
//
// want: predictable-name /tmp/pc-*.sock
// want: missing-exclusive /tmp/pc-*.sock

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char name[64];
	int fd;

	snprintf(name, sizeof name, "/tmp/pc-%d.sock", getuid());
	fd = open(name, O_RDWR | O_CREAT, 0600);
	return fd < 0 || unlink(name) != 0;
}
