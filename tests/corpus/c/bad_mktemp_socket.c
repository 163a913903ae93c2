// SPDX-License-Identifier: LGPL-2.1-or-later
// mktemp for a socket.
//
// want: insecure-name-api /tmp/pc-*

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_un name = { AF_UNIX, "/tmp/pc-XXXXXX" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	umask(077);
	mktemp(name.sun_path);
	if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0)
		return 1;
	return unlink(name.sun_path) != 0;
}
