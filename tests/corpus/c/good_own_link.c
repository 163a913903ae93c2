// SPDX-License-Identifier: LGPL-2.1-or-later
// It follows a link that it has made itself.
//
// want: none

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
	char name[] = "/tmp/pc-XXXXXX", link[64];
	int fd = mkstemp(name);

	draw(link, sizeof link, "/tmp/pc-");
	if (fd < 0 || symlink(name, link) != 0)
		return 1;
	fd = open(link, O_RDONLY);
	return fd < 0 || unlink(link) != 0 || unlink(name) != 0;
}
