// SPDX-License-Identifier: LGPL-2.1-or-later
// The same by its descriptor.
//
// want: loose-permissions /tmp/pc-*

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";
	int fd = mkstemp(name);

	return fd < 0 || fchmod(fd, 0644) != 0 || unlink(name) != 0;
}
