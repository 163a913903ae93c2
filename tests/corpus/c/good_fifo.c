// SPDX-License-Identifier: LGPL-2.1-or-later
// A FIFO in a directory of its own.
//
// want: none

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char dir[] = "/tmp/pc-XXXXXX", name[64];

	if (!mkdtemp(dir))
		return 1;
	snprintf(name, sizeof name, "%s/fifo", dir);
	if (mkfifo(name, 0600) != 0)
		return 1;
	return unlink(name) != 0 || rmdir(dir) != 0;
}
