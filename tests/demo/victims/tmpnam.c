/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tmpnam(3), and the name on the command line of a slow helper: /proc shows it to everybody
 * before the helper opens it. */
#include "victim.h"

int main(void)
{
	char name[L_tmpnam];
	char command[L_tmpnam + 64];

	if (tmpnam(name) == NULL)
		return 1;
	snprintf(command, sizeof command, "sleep 0.1; sort payroll.txt >%s", name);
	if (system(command) != 0)
		return 1;
	printf("sorted %d people\n", count_lines(name));
	return remove(name) != 0;
}
