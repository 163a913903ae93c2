/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * life_steps OUT STEP...: do one step after the other, as daemons do, and write
 * "done" to the file OUT, which is not in a guarded directory; or what failed.
 *
 *     put NAME      make /tmp/NAME           keep NAME     it must still be there
 *     fork          go on in a child         fork-exit     and the parent calls exit
 *     vfork         go on in a vforked child's new image
 *     daemon        daemon(3)                setsid        setsid(2)
 *     closefrom     close_range   loop       close every descriptor
 *     sleep MS      exec          execute itself for the remaining steps
 *     execs N       execute itself N times
 *     fds N         N descriptors must be open
 *     system STEPS  popen STEPS   spawn STEPS
 *                   have a child do the steps in one argument, and go on
 *     exit          end with exit(3); at the end of the steps it is _exit(2)
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char **arguments;
static int at = 2;

static void tell(const char *what, const char *name)
{
	int fd = open(arguments[1], O_WRONLY | O_CREAT | O_APPEND, 0666);
	char line[512];
	int n = snprintf(line, sizeof line, "%s%s%s\n", what, *name ? " " : "", name);

	if (write(fd, line, (size_t)n) != n)
		abort();
	close(fd);
}

static void fail(const char *what, const char *name)
{
	char text[256];

	snprintf(text, sizeof text, "%s: %s:", what, strerror(errno));
	tell(text, name);
	_exit(1);
}

static void step_put(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "/tmp/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, name, strlen(name)) < 0)
		fail("put", name);
	close(fd);
}

static void step_keep(const char *name)
{
	char path[256], text[256] = "";
	int fd;

	snprintf(path, sizeof path, "/tmp/%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		fail("lost", name);
	if (strcmp(text, name))
		fail("another", name);
	close(fd);
}

static void step_fork(int how)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork", "");
	if (pid && how)
		exit(0);
	if (pid)
		_exit(0);
}

/* This program for the steps from number FIRST on. */
static char **again(int first)
{
	static char *vector[256];
	int n = 2;

	vector[0] = arguments[0];
	vector[1] = arguments[1];
	while (arguments[first] && n < 255)
		vector[n++] = arguments[first++];
	vector[n] = NULL;
	return vector;
}

static void step_exec(void)
{
	execv(arguments[0], again(at));
	fail("exec", arguments[0]);
}

static void step_execs(char *count)
{
	char less[16];
	int n = atoi(count);

	if (n <= 0)
		return;
	snprintf(less, sizeof less, "%d", n - 1);
	arguments[at - 1] = less;
	execv(arguments[0], again(at - 2));
	fail("exec", count);
}

static void step_vfork(void)
{
	char **vector = again(at);
	pid_t pid = vfork();

	if (pid == 0) {
		execv(arguments[0], vector);
		_exit(127);
	}
	if (pid < 0)
		fail("vfork", "");
	_exit(0);
}

static void step_loop(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	for (int fd = 0; fd < (int)limit.rlim_cur && fd < 70000; fd++)
		close(fd);
}

static void step_fds(const char *count)
{
	DIR *dir = opendir("/proc/self/fd");
	char found[256] = "";
	int n = 0;

	if (!dir)
		fail("fds", count);
	for (struct dirent *entry; (entry = readdir(dir));) {
		char path[300], target[256] = "";

		if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(dir))
			continue;
		n++;
		snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
		if (readlink(path, target, sizeof target - 1) > 0 &&
		    strlen(found) + strlen(target) + 2 < sizeof found)
			strcat(strcat(found, " "), target);
	}
	closedir(dir);
	errno = 0;
	if (n != atoi(count))
		fail("descriptors", found);
}

/* The command line of a child that does STEPS and writes to the same file. */
static void command_of(const char *steps, char *line, size_t size)
{
	snprintf(line, size, "exec %s %s %s", arguments[0], arguments[1], steps);
}

static void step_child(const char *how, const char *steps)
{
	char line[4096];
	char *argv[] = { (char *)"sh", (char *)"-c", line, NULL };
	pid_t pid;

	command_of(steps, line, sizeof line);
	if (!strcmp(how, "system")) {
		if (system(line) != 0)
			fail("system", steps);
	} else if (!strcmp(how, "popen")) {
		if (!popen(line, "r"))
			fail("popen", steps);
	} else if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ)) {
		fail("spawn", steps);
	}
}

static void do_step(const char *name)
{
	if (!strcmp(name, "put"))
		step_put(arguments[at++]);
	else if (!strcmp(name, "keep"))
		step_keep(arguments[at++]);
	else if (!strcmp(name, "fork"))
		step_fork(0);
	else if (!strcmp(name, "fork-exit"))
		step_fork(1);
	else if (!strcmp(name, "vfork"))
		step_vfork();
	else if (!strcmp(name, "daemon") ? daemon(0, 0) < 0 :
					   !strcmp(name, "setsid") && setsid() < 0)
		fail(name, "");
	else if (!strcmp(name, "closefrom"))
		closefrom(0);
	else if (!strcmp(name, "close_range"))
		close_range(0, ~0U, 0);
	else if (!strcmp(name, "loop"))
		step_loop();
	else if (!strcmp(name, "sleep"))
		usleep((useconds_t)atoi(arguments[at++]) * 1000);
	else if (!strcmp(name, "exec"))
		step_exec();
	else if (!strcmp(name, "execs"))
		step_execs(arguments[at++]);
	else if (!strcmp(name, "fds"))
		step_fds(arguments[at++]);
	else if (!strcmp(name, "system") || !strcmp(name, "popen") ||
		 !strcmp(name, "spawn"))
		step_child(name, arguments[at++]);
	else if (!strcmp(name, "exit"))
		exit(0);
	else if (strcmp(name, "daemon") && strcmp(name, "setsid"))
		fail("no such step", name);
}

int main(int argc, char **argv)
{
	arguments = argv;
	while (at < argc) {
		at++;
		do_step(argv[at - 1]);
	}
	tell("done", "");
	_exit(0);
}
