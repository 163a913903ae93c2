/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report that takes a fixed name for free because access(2) does not see it.
 * access follows links: behind a dangling one it sees nothing, and fopen creates the target. */
#include "victim.h"

#define REPORT "/tmp/demo-report"

int main(void)
{
	if (access(REPORT, F_OK) == 0) {
		fputs("report: already running\n", stderr);
		return 1;
	}
	copy_text("payroll.txt", REPORT);
	printf("report: %d people\n", count_lines(REPORT));
	return remove(REPORT) != 0;
}
