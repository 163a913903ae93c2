// SPDX-License-Identifier: LGPL-2.1-or-later
// A mode that stays closed.
//
// want: none

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";
	int fd = mkstemp(name);

	return fd < 0 || fchmod(fd, 0700) != 0 || unlink(name) != 0;
}
