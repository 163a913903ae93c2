// SPDX-License-Identifier: LGPL-2.1-or-later
// fopen "w" of a fixed name.
//
// want: missing-exclusive /tmp/pc-out
// want: predictable-name /tmp/pc-out

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	FILE *file;

	umask(077);
	file = fopen("/tmp/pc-out", "w");
	if (!file)
		return 1;
	fclose(file);
	return unlink("/tmp/pc-out") != 0;
}
