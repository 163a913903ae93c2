// SPDX-License-Identifier: LGPL-2.1-or-later
// A look at what is then renamed.
//
// before: umask 077; echo data >/tmp/pc-data
// want: check-then-use /tmp/pc-data

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char dir[] = "/tmp/pc-XXXXXX", name[64];
	struct stat st;

	if (!mkdtemp(dir) || stat("/tmp/pc-data", &st) != 0)
		return 1;
	snprintf(name, sizeof name, "%s/data", dir);
	return rename("/tmp/pc-data", name) != 0 || unlink(name) != 0 || rmdir(dir) != 0;
}
