// SPDX-License-Identifier: LGPL-2.1-or-later
// The same calls where nobody else can write.
//
// want: none

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat st;
	FILE *file;

	if (access("pc-out", F_OK) == 0 || stat("pc-out", &st) == 0)
		return 1;
	file = fopen("pc-out", "w");
	if (!file || chmod("pc-out", 0644) != 0)
		return 1;
	fclose(file);
	return unlink("pc-out") != 0;
}
