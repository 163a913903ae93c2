// SPDX-License-Identifier: LGPL-2.1-or-later
// A program that anybody could have put there.
//
// before: umask 077; cp /bin/true /tmp/pc-tool
// want: foreign-object /tmp/pc-tool

#include <unistd.h>

int main(void)
{
	execl("/tmp/pc-tool", "pc-tool", (char *)NULL);
	return 1;
}
