// SPDX-License-Identifier: LGPL-2.1-or-later
// The same name in each run. O_EXCL keeps others' files out, but not others from the name.
//
// want: predictable-name /tmp/pc-lock

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char name[64];
	int fd;

	snprintf(name, sizeof name, "/tmp/pc-lock");
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	return fd < 0 || unlink(name) != 0;
}
