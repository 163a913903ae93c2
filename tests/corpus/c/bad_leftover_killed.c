// SPDX-License-Identifier: LGPL-2.1-or-later
// It removes its file, but not when it is killed.
//
// want: leftover /tmp/pc-*

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";

	if (mkstemp(name) < 0)
		return 1;
	raise(SIGKILL);
	return unlink(name) != 0;
}
