// SPDX-License-Identifier: LGPL-2.1-or-later
// A child makes it, and nobody removes it.
//
// want: leftover /tmp/pc-*

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";
	int status;

	if (fork() == 0)
		_exit(mkstemp(name) < 0);
	wait(&status);
	return status;
}
