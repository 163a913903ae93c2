/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spawn_lists N: keeps N lists of file actions at a time, each with a name in /tmp, one that
 * depends on the working directory, and a change of directory; starts a program by every
 * fiftieth, and by the last. 0; 1 where one was refused.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int starts(const posix_spawn_file_actions_t *list, size_t number)
{
	char *argv[] = { (char *)"true", NULL };
	int error, status;
	pid_t pid;

	error = posix_spawnp(&pid, "true", list, NULL, argv, argv + 1);
	if (!error && (waitpid(pid, &status, 0) != pid || status))
		error = -1;
	if (error)
		printf("list %zu: %d\n", number, error);
	return error;
}

int main(int argc, char **argv)
{
	const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	posix_spawn_file_actions_t *lists = calloc(n, sizeof *lists);
	int fd = open("/tmp/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), error = 0;

	/* From now on any name may lead by such a link. */
	if (!lists || fd < 0 || symlink("/tmp/file", "/tmp/link") < 0 ||
	    symlink("/etc", "/tmp/out") < 0 || chdir("/var") < 0)
		return 2;
	for (size_t i = 0; i < n && !error; i++) {
		error = posix_spawn_file_actions_init(&lists[i]) ||
			posix_spawn_file_actions_addopen(&lists[i], 5, "/tmp/link",
							 O_RDONLY, 0) ||
			posix_spawn_file_actions_addopen(&lists[i], 6, "../tmp/file",
							 O_RDONLY, 0) ||
			posix_spawn_file_actions_addchdir_np(&lists[i], "/tmp") ||
			posix_spawn_file_actions_addopen(&lists[i], 7, "file", O_RDONLY,
							 0);
		if (error)
			printf("list %zu has no place\n", i);
	}
	for (size_t i = 0; i < n && !error; i += 50)
		error = starts(&lists[i], i);
	if (!error)
		error = starts(&lists[n - 1], n - 1);
	for (size_t i = 0; i < n; i++)
		posix_spawn_file_actions_destroy(&lists[i]);
	free(lists);
	return error != 0;
}
