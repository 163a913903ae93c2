// SPDX-License-Identifier: LGPL-2.1-or-later
// mkostemps: a suffix, and close-on-exec.
//
// want: none

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX.txt";
	int fd = mkostemps(name, 4, O_CLOEXEC);

	return fd < 0 || unlink(name) != 0;
}
