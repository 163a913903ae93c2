// SPDX-License-Identifier: LGPL-2.1-or-later
// A socket in a directory of its own.
//
// want: none

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_un name = { AF_UNIX };
	char dir[] = "/tmp/pc-XXXXXX";
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (!mkdtemp(dir))
		return 1;
	snprintf(name.sun_path, sizeof name.sun_path, "%s/sock", dir);
	if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0)
		return 1;
	return unlink(name.sun_path) != 0 || rmdir(dir) != 0;
}
