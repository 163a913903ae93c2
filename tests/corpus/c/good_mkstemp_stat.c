// SPDX-License-Identifier: LGPL-2.1-or-later
// A look at its own file, and then its removal.
//
// want: none

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";
	int fd = mkstemp(name);
	struct stat st;

	if (fd < 0 || stat(name, &st) != 0 || chmod(name, 0400) != 0)
		return 1;
	return unlink(name) != 0;
}
