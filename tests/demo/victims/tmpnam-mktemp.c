/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mktemp(3), and the same name twice: each pass removes the scratch file and opens it anew. */
#include "victim.h"

int main(void)
{
	char scratch[] = "/tmp/demo-XXXXXX";

	if (*mktemp(scratch) == '\0')
		return 1;
	for (int pass = 1; pass <= 2; pass++) {
		copy_text("payroll.txt", scratch);
		printf("pass %d: %d people\n", pass, count_lines(scratch));
		if (remove(scratch) != 0)
			return 1;
		work();
	}
	return 0;
}
