// SPDX-License-Identifier: LGPL-2.1-or-later
// Standard output to a fixed name.
//
// want: missing-exclusive /tmp/pc-out
// want: predictable-name /tmp/pc-out

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	umask(077);
	if (!freopen("/tmp/pc-out", "w", stdout))
		return 1;
	return unlink("/tmp/pc-out") != 0;
}
