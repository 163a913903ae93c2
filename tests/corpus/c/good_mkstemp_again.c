// SPDX-License-Identifier: LGPL-2.1-or-later
// Its own file, opened again by name: nobody else can have replaced it.
//
// want: none

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0)
		return 1;
	close(fd);
	fd = open(name, O_RDWR);
	if (fd < 0)
		return 1;
	close(fd);
	return unlink(name) != 0;
}
