// SPDX-License-Identifier: LGPL-2.1-or-later
// A name of its own drawing, but whoever has it already gets the data.
//
// want: missing-exclusive /tmp/pc-*

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
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

	draw(name, sizeof name, "/tmp/pc-");
	fd = open(name, O_WRONLY | O_CREAT, 0600);
	return fd < 0 || unlink(name) != 0;
}
