// SPDX-License-Identifier: LGPL-2.1-or-later
// A child removes what its parent has made.
//
// want: none

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";
	int status;

	if (mkstemp(name) < 0)
		return 1;
	if (fork() == 0)
		_exit(unlink(name) != 0);
	wait(&status);
	return status;
}
