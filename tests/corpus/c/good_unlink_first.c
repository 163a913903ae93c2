// SPDX-License-Identifier: LGPL-2.1-or-later
// mkstemp, with the name removed at once.
//
// want: none

#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/var/tmp/pc-XXXXXX";
	int fd = mkstemp(name);

	return fd < 0 || unlink(name) != 0 || write(fd, "x", 1) != 1;
}
