// SPDX-License-Identifier: LGPL-2.1-or-later
// tmpfile(3).
//
// want: none

#include <stdio.h>

int main(void)
{
	FILE *file = tmpfile();

	return !file || fputs("x", file) < 0 || fclose(file) != 0;
}
