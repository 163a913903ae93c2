/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tempnam(3) once, and two files from it as old compilers did: BASE.s, then BASE.o. The first
 * one to appear tells the name of the second. */
#include "victim.h"

int main(void)
{
	char *base = tempnam("/tmp", "demo-");
	char source[64];
	char object[64];

	if (base == NULL)
		return 1;
	snprintf(source, sizeof source, "%s.s", base);
	snprintf(object, sizeof object, "%s.o", base);
	free(base);
	copy_text("payroll.txt", source);
	work();
	copy_text(source, object);
	printf("compiled %d lines\n", count_lines(object));
	return remove(source) != 0 || remove(object) != 0;
}
