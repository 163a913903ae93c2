// SPDX-License-Identifier: LGPL-2.1-or-later
// A name that is not its own alone is told to another program.
//
// want: missing-exclusive /tmp/pc-out
// want: predictable-name /tmp/pc-out
// want: outside-knowledge /tmp/pc-out

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int status;

	close(creat("/tmp/pc-out", 0600));
	if (fork() == 0) {
		execlp("cat", "cat", "/tmp/pc-out", (char *)NULL);
		_exit(1);
	}
	wait(&status);
	return status || unlink("/tmp/pc-out") != 0;
}
