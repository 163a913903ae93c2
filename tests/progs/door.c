/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What no library gets into: the tests link it statically, and what it does with files
 * goes to the kernel directly, as in a Go program.
 *
 *     put PATH TEXT        makes PATH
 *     get PATH             prints what is in it
 *     at FD PATH           prints what is in PATH, from the descriptor FD
 *     move FROM TO         renames it; prints why not
 *     link FROM TO         links it; prints why not
 *     run COMMAND...       runs it, and has its exit status
 *     adopt COMMAND...     executes it, as one whose descendants' orphans are its children
 *     less COMMAND...      executes it with four capabilities, and no way to get others
 *     daemon PATH OUT      goes to the background, closes all descriptors, makes PATH,
 *                          and when OUT is made writes there what it finds in PATH
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int open_it(int dir, const char *path, int flags)
{
	return (int)syscall(SYS_openat, dir, path, flags, 0644);
}

static int put(const char *path, const char *text)
{
	int fd = open_it(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return perror(path), 1;
	close(fd);
	return 0;
}

static int get(int dir, const char *path, int to)
{
	int fd = open_it(dir, path, O_RDONLY);
	char bytes[4096];
	ssize_t n;

	if (fd < 0)
		return perror(path), 1;
	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		if (write(to, bytes, (size_t)n) < 0)
			return 1;
	close(fd);
	return n < 0;
}

static int tell(int ret)
{
	puts(ret == 0 ? "done" : strerror(errno));
	return ret != 0;
}

static int run(char **argv)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	/* What the door has started is no child of this. */
	if (waitpid(-1, NULL, 0) != -1 || errno != ECHILD)
		return 99;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int execute(char **argv)
{
	execvp(argv[0], argv);
	perror(argv[0]);
	return 127;
}

static int adopt(char **argv)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		return perror("prctl"), 1;
	return execute(argv);
}

static int less(char **argv)
{
	const unsigned few = 1U << CAP_CHOWN | 1U << CAP_SETGID | 1U << CAP_SETUID |
			     1U << CAP_SETFCAP;
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	const struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {
		{ .permitted = few, .effective = few },
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_capset, &head, sets))
		return perror("capset"), 1;
	return execute(argv);
}

static int be_daemon(const char *path, const char *out)
{
	if (fork())
		return 0;
	setsid();
	if (fork())
		_exit(0);
	for (int fd = 0; fd < 4096; fd++)
		close(fd);
	if (chdir("/") || put(path, "still here"))
		return 1;
	for (int i = 0; i < 1000 && access(out, F_OK); i++)
		usleep(10000);
	return get(AT_FDCWD, path, open_it(AT_FDCWD, out, O_WRONLY));
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (!strcmp(what, "put") && argc == 4)
		return put(argv[2], argv[3]);
	if (!strcmp(what, "get"))
		return get(AT_FDCWD, argv[2], 1);
	if (!strcmp(what, "at") && argc == 4)
		return get(atoi(argv[2]), argv[3], 1);
	if (!strcmp(what, "move") && argc == 4)
		return tell((int)syscall(SYS_renameat2, AT_FDCWD, argv[2], AT_FDCWD,
					 argv[3], 0));
	if (!strcmp(what, "link") && argc == 4)
		return tell((int)syscall(SYS_linkat, AT_FDCWD, argv[2], AT_FDCWD, argv[3],
					 0));
	if (!strcmp(what, "run"))
		return run(argv + 2);
	if (!strcmp(what, "adopt"))
		return adopt(argv + 2);
	if (!strcmp(what, "less"))
		return less(argv + 2);
	if (!strcmp(what, "daemon") && argc == 4)
		return be_daemon(argv[2], argv[3]);
	return 2;
}
