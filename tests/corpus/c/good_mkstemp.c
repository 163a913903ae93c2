// SPDX-License-Identifier: LGPL-2.1-or-later
// mkstemp, removed at the end.
//
// want: none

#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || write(fd, "x", 1) != 1)
		return 1;
	close(fd);
	return unlink(name) != 0;
}
