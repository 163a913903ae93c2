// SPDX-License-Identifier: LGPL-2.1-or-later
// /var/tmp is shared as well.
//
// want: missing-exclusive /var/tmp/pc-out
// want: predictable-name /var/tmp/pc-out

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/var/tmp/pc-out", O_WRONLY | O_CREAT, 0600);

	return fd < 0 || unlink("/var/tmp/pc-out") != 0;
}
