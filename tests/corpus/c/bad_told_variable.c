// SPDX-License-Identifier: LGPL-2.1-or-later
// The same in the environment.
//
// want: missing-exclusive /tmp/pc-out
// want: predictable-name /tmp/pc-out
// want: outside-knowledge /tmp/pc-out

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int status;

	close(creat("/tmp/pc-out", 0600));
	setenv("PC_FILE", "/tmp/pc-out", 1);
	if (fork() == 0) {
		execlp("true", "true", (char *)NULL);
		_exit(1);
	}
	wait(&status);
	return status || unlink("/tmp/pc-out") != 0;
}
