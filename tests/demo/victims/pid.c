/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The oldest of them: a name that is new each time, and that anybody can count up to. */
#include "victim.h"

int main(void)
{
	char name[64];

	snprintf(name, sizeof name, "/tmp/demo-report.%ld", (long)getpid());
	copy_text("payroll.txt", name);
	printf("report: %d people\n", count_lines(name));
	return remove(name) != 0;
}
