// SPDX-License-Identifier: LGPL-2.1-or-later
// fopen "wx": exclusive, but of a fixed name.
//
// want: predictable-name /tmp/pc-out

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	FILE *file;

	umask(077);
	file = fopen("/tmp/pc-out", "wx");
	return !file || unlink("/tmp/pc-out") != 0;
}
