/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel or a container that lacks system calls, by a seccomp filter:
 *
 *     refuse ERRNO CALL... -- COMMAND [ARG]...
 *
 * runs COMMAND, for which each CALL fails with ERRNO (a number), or ends it ("kill"). See
 * filter.h for the words for a call.
 */
#include "filter.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	int i = 2;

	if (argc < 4)
		return 2;
	for (; i < argc && strcmp(argv[i], "--"); i++)
		filter_refuse(argv[i], argv[1]);
	if (filter_install() < 0) {
		perror("refuse: seccomp");
		return 125;
	}
	if (i + 1 < argc)
		execvp(argv[i + 1], argv + i + 1);
	perror("refuse: exec");
	return 127;
}
