// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory with a file in it stays.
//
// want: leftover /tmp/pc-*

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	char dir[] = "/tmp/pc-XXXXXX", name[64];

	if (!mkdtemp(dir))
		return 1;
	snprintf(name, sizeof name, "%s/data", dir);
	return creat(name, 0600) < 0;
}
