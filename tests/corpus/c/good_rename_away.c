// SPDX-License-Identifier: LGPL-2.1-or-later
// It is moved to where it is meant to stay.
//
// want: none

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX";

	if (mkstemp(name) < 0)
		return 1;
	/* Another file system: what mv does. */
	if (rename(name, "result") != 0 &&
	    (link(name, "result") == 0 || unlink(name) != 0))
		return 1;
	return 0;
}
