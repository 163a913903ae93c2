// SPDX-License-Identifier: LGPL-2.1-or-later
// A search path with a shared directory in it.
//
// want: foreign-object /tmp/true

#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	setenv("PATH", "/tmp:/usr/bin:/bin", 1);
	execlp("true", "true", (char *)NULL);
	return 1;
}
