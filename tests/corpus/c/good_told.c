// SPDX-License-Identifier: LGPL-2.1-or-later
// Nobody can exchange what mkstemp has made: other programs may know its name.
//
// want: none

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/pc-XXXXXX", command[100];

	if (mkstemp(name) < 0)
		return 1;
	snprintf(command, sizeof command, "cat %s", name);
	return system(command) != 0 || unlink(name) != 0;
}
