// SPDX-License-Identifier: LGPL-2.1-or-later
// A script of its own making is executed.
//
// want: none

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	static const char script[] = "#!/bin/sh\nexit 0\n";
	char name[] = "/tmp/pc-XXXXXX";
	int fd = mkstemp(name), status;

	if (fd < 0 || write(fd, script, sizeof script - 1) < 0 || fchmod(fd, 0700) != 0)
		return 1;
	close(fd);
	if (fork() == 0) {
		execl(name, name, (char *)NULL);
		_exit(1);
	}
	wait(&status);
	return status || unlink(name) != 0;
}
