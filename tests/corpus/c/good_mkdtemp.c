// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory of its own, with names in it that everybody knows.
//
// want: none

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char dir[] = "/tmp/pc-XXXXXX", name[64];
	FILE *file;

	if (!mkdtemp(dir))
		return 1;
	snprintf(name, sizeof name, "%s/data", dir);
	file = fopen(name, "w");
	if (!file)
		return 1;
	fclose(file);
	return access(name, R_OK) != 0 || !fopen(name, "r") || unlink(name) != 0 ||
	       rmdir(dir) != 0;
}
