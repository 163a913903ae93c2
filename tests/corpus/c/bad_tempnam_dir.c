// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory by a name of tempnam.
//
// want: insecure-name-api /tmp/pc*

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char *name = tempnam("/tmp", "pc");

	if (mkdir(name, 0700) != 0)
		return 1;
	return rmdir(name) != 0;
}
