/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what an image is given: arguments, environment, directory, descriptors. */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static void show_descriptors(void)
{
	char path[64], to[PATH_MAX];

	for (int fd = 3; fd < 1024; fd++) {
		ssize_t n;

		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		n = readlink(path, to, sizeof to - 1);
		if (n < 0)
			continue;
		to[n] = '\0';
		printf("descriptor %d %s\n", fd, to);
	}
}

int main(int argc, char **argv)
{
	char cwd[PATH_MAX];
	sigset_t blocked;

	for (int i = 0; i < argc; i++)
		printf("argument %s\n", argv[i]);
	for (char **entry = environ; *entry; entry++)
		if (strncmp(*entry, "PRIVTMP_SESSION=", 16) != 0 &&
		    strncmp(*entry, "LD_PRELOAD=", 11) != 0)
			printf("variable %s\n", *entry);
	printf("directory %s\n", getcwd(cwd, sizeof cwd));
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (int i = 1; i < 65; i++)
		if (sigismember(&blocked, i) == 1)
			printf("blocked %d\n", i);
	show_descriptors();
	return 0;
}
