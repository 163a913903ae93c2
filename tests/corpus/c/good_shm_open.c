// SPDX-License-Identifier: LGPL-2.1-or-later
// Shared memory by a drawn name, exclusive.
//
// want: none

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>

/* What nobody can know beforehand. */
static void draw(char *name, size_t size, const char *prefix)
{
	unsigned long long number[2];

	if (getrandom(number, sizeof number, 0) != sizeof number)
		abort();
	snprintf(name, size, "%s%016llx%016llx", prefix, number[0], number[1]);
}

int main(void)
{
	char name[64];
	int fd;

	draw(name, sizeof name, "/pc-");
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	return fd < 0 || shm_unlink(name) != 0;
}
