// SPDX-License-Identifier: LGPL-2.1-or-later
// A lock that is a link, by a fixed name.
//
// want: predictable-name /tmp/pc-lock

#include <unistd.h>

int main(void)
{
	if (symlink("4711", "/tmp/pc-lock") != 0)
		return 1;
	return unlink("/tmp/pc-lock") != 0;
}
