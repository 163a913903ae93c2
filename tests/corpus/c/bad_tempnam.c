// SPDX-License-Identifier: LGPL-2.1-or-later
// tempnam and fopen.
//
// want: insecure-name-api /tmp/pc*
// want: missing-exclusive /tmp/pc*

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char *name = tempnam("/tmp", "pc");
	FILE *file;

	umask(077);
	file = fopen(name, "w");
	if (!file)
		return 1;
	fclose(file);
	return unlink(name) != 0;
}
