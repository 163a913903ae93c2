// SPDX-License-Identifier: LGPL-2.1-or-later
// Mode 0666 and umask 0: all may read and write.
//
// want: loose-permissions /tmp/pc-*

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

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

	umask(0);
	draw(name, sizeof name, "/tmp/pc-");
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
	return fd < 0 || unlink(name) != 0;
}
