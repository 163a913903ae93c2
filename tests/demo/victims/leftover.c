/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Killed half way, as by the out-of-memory killer: nothing of its own can clean up. */
#include <signal.h>

#include "victim.h"

int main(void)
{
	copy_text("payroll.txt", "/tmp/demo-merge");
	printf("merging %d people\n", count_lines("/tmp/demo-merge"));
	fflush(stdout);
	raise(SIGKILL);
	return remove("/tmp/demo-merge") != 0;
}
