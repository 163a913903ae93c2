// SPDX-License-Identifier: LGPL-2.1-or-later
// access, and then exec of what anybody could have put there.
//
// before: umask 077; cp /bin/true /tmp/pc-tool
// want: check-then-use /tmp/pc-tool
// want: foreign-object /tmp/pc-tool

#include <unistd.h>

int main(void)
{
	if (access("/tmp/pc-tool", X_OK) != 0)
		return 1;
	execl("/tmp/pc-tool", "pc-tool", (char *)NULL);
	return 1;
}
