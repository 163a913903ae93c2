/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * life_wait [subreaper]: use /tmp, so that the session has whatever helper it needs, and
 * look whether this process can tell: by a child to wait for, a signal, a
 * descriptor, a signal mask or a handler that has changed. Prints what it found
 * and ends with status 1, or waits for its standard input to end and prints
 * "nothing". With an argument, it is the one that orphans are given to.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t signals;
static int orphans;

static void note(int number)
{
	(void)number;
	signals++;
}

static void found(const char *what)
{
	printf("found %s: %s\n", what, strerror(errno));
	exit(1);
}

static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	if (!dir)
		found("no /proc");
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void no_child(void)
{
	siginfo_t info;
	char children[64], path[64];
	FILE *file;

	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		found("a child by waitpid(-1)");
	if (waitpid(0, NULL, WNOHANG) != -1 || errno != ECHILD)
		found("a child by waitpid(0)");
	if (wait(NULL) != -1 || errno != ECHILD)
		found("a child by wait");
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) != -1 || errno != ECHILD)
		found("a child by waitid");
	if (orphans)
		return; /* it is a child then, though none that is waited for */
	if (waitpid(-1, NULL, WNOHANG | __WALL) != -1 || errno != ECHILD)
		found("a child by __WALL");
	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	file = fopen(path, "r");
	if (file && fgets(children, sizeof children, file))
		found("a child in /proc");
	if (file)
		fclose(file);
}

static void use_tmp(void)
{
	int fd = open("/tmp/life-wait", O_CREAT | O_WRONLY, 0600);

	if (fd < 0 || close(fd))
		found("no /tmp");
	fd = open("/var/tmp/life-wait", O_CREAT | O_WRONLY, 0600);
	if (fd < 0 || close(fd))
		found("no /var/tmp");
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = note }, now;
	sigset_t before, after;
	struct rusage usage;
	char byte;
	pid_t pid;
	int open_before;

	orphans = argc > 1 && !strcmp(argv[1], "subreaper");
	if (orphans && prctl(PR_SET_CHILD_SUBREAPER, 1))
		found("no orphans");

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &action, NULL);
	sigemptyset(&before);
	sigaddset(&before, SIGUSR1);
	sigprocmask(SIG_SETMASK, &before, NULL);
	open_before = descriptors();
	use_tmp();
	no_child();
	usleep(100000);
	if (signals)
		found("a signal");
	no_child();
	if (descriptors() != open_before)
		found("a descriptor");
	sigprocmask(SIG_SETMASK, NULL, &after);
	if (sigismember(&after, SIGUSR1) != 1 || sigismember(&after, SIGCHLD) != 0)
		found("another signal mask");
	sigaction(SIGCHLD, NULL, &now);
	if (now.sa_handler != note)
		found("another handler");

	/* Its own child is the only one, and is counted once. */
	pid = fork();
	if (pid == 0)
		_exit(7);
	if (waitpid(-1, NULL, 0) != pid)
		found("another child than its own");
	no_child();
	if (signals != 1)
		found("more signals than children");
	if (getrusage(RUSAGE_CHILDREN, &usage) || usage.ru_nivcsw > 1000)
		found("usage");
	while (read(0, &byte, 1) == 1 || errno == EINTR)
		errno = 0;
	puts("nothing");
	return 0;
}
