/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reaper: waits until the session whose root is its argument has no member
 * left, and removes it. Started by the shim (shim/session/helper.c); takes the
 * place of the handlers that a killed process cannot run.
 */
#include "reap.h"

#include <fcntl.h>
#include <unistd.h>

extern const char privtmp_tool;
const char privtmp_tool __attribute__((used, visibility("default"))) = 1;

/*
 * Waits until the session has been made, or who was at it has died: then the
 * standard input ends. That does not take long, and signals are still blocked.
 */
static void wait_for_session(void)
{
	char byte;
	int null;

	(void)!read(0, &byte, 1);
	null = open("/dev/null", O_RDWR);
	if (null > 0) {
		dup2(null, 0);
		close(null);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	wait_for_session();
	return reap(argv[1]) < 0;
}
