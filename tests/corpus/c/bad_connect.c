// SPDX-License-Identifier: LGPL-2.1-or-later
// It talks to whoever has made the socket.
//
// before-other: python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind("/tmp/pc-sock")'; chmod 777 /tmp/pc-sock
// want: foreign-object /tmp/pc-sock

#include <sys/socket.h>
#include <sys/un.h>

int main(void)
{
	struct sockaddr_un name = { AF_UNIX, "/tmp/pc-sock" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	/* Nobody listens: refused. */
	return connect(fd, (struct sockaddr *)&name, sizeof name) == 0;
}
