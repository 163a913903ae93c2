// SPDX-License-Identifier: LGPL-2.1-or-later
// So is /dev/shm.
//
// want: missing-exclusive /dev/shm/pc-out
// want: predictable-name /dev/shm/pc-out

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/dev/shm/pc-out", O_WRONLY | O_CREAT, 0600);

	return fd < 0 || unlink("/dev/shm/pc-out") != 0;
}
