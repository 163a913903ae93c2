// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory that all may look into.
//
// want: loose-permissions /tmp/pc-*

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char dir[] = "/tmp/pc-XXXXXX";

	if (!mkdtemp(dir) || chmod(dir, 0755) != 0)
		return 1;
	return rmdir(dir) != 0;
}
