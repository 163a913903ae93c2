// SPDX-License-Identifier: LGPL-2.1-or-later
// A socket that all may talk to, by a fixed name.
//
// want: loose-permissions /tmp/pc-sock
// want: predictable-name /tmp/pc-sock

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_un name = { AF_UNIX, "/tmp/pc-sock" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	umask(0);
	if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0)
		return 1;
	return unlink("/tmp/pc-sock") != 0;
}
