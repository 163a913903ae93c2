// SPDX-License-Identifier: LGPL-2.1-or-later
// Shared memory by a fixed name.
//
// want: missing-exclusive /dev/shm/pc-shm
// want: predictable-name /dev/shm/pc-shm

#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
	int fd = shm_open("/pc-shm", O_RDWR | O_CREAT, 0600);

	return fd < 0 || shm_unlink("/pc-shm") != 0;
}
