// SPDX-License-Identifier: LGPL-2.1-or-later
// It writes into what another user has made.
//
// before-other: echo >/tmp/pc-log; chmod 666 /tmp/pc-log
// want: foreign-object /tmp/pc-log

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/tmp/pc-log", O_WRONLY | O_APPEND);

	return fd < 0 || write(fd, "secret", 6) != 6;
}
