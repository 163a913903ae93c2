// SPDX-License-Identifier: LGPL-2.1-or-later
// It ends where the name is taken.
//
// before: mkdir -m 700 /tmp/pc-dir
// want: predictable-name /tmp/pc-dir

#include <sys/stat.h>

int main(void)
{
	return mkdir("/tmp/pc-dir", 0700) == 0;
}
