/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kill_steps WHO VICTIMS SHIM SWEEP PROGRAM [ARG]...: run PROGRAM under SHIM again and
 * again, and kill the processes VICTIMS by SIGKILL when the process WHO is about to
 * make its first system call, its second, and so on, until there is none. Processes have
 * numbers in the order in which they are made: 0 is the program, 1 the maker, 2 the
 * helper. VICTIMS are digits ("01").
 *
 * All others go on, and are waited for: nobody may wait for ever. Then there must be
 * no session in /tmp and /var/tmp, or, where the helper is among the victims or the
 * maker is, none once it is old and "SWEEP sweep" has been run. Prints
 *
 *     STEPS steps, LEFT left, SWEPT left by the sweep
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 8, STEPS = 1000, PATIENCE = 20 }; /* seconds */

static struct {
	pid_t pid;
	int stops; /* at the beginnings and ends of its calls */
} process[PROCESSES];
static int processes;

static const char *victims;
static int who, step;
static bool killed;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void on_alarm(int number)
{
	(void)number;
	printf("somebody waits, %d being killed at step %d\n", who, step);
	fflush(stdout);
	for (int i = 0; i < processes; i++)
		if (process[i].pid > 0)
			kill(process[i].pid, SIGKILL);
	_exit(3);
}

/* How many sessions there are; AGE: they look old from now on. */
static int sessions(bool age)
{
	static const char *const dirs[] = { "/tmp", "/var/tmp" };
	const struct timespec old[2] = { { 0, 0 }, { 0, 0 } };
	int n = 0;

	for (int i = 0; i < 2; i++) {
		DIR *dir = opendir(dirs[i]);

		if (!dir)
			die(dirs[i]);
		for (struct dirent *e; (e = readdir(dir));) {
			if (strncmp(e->d_name, ".privtmp-", 9) != 0)
				continue;
			n++;
			if (age)
				utimensat(dirfd(dir), e->d_name, old, 0);
		}
		closedir(dir);
	}
	return n;
}

static int number_of(pid_t pid)
{
	for (int i = 0; i < processes; i++)
		if (process[i].pid == pid)
			return i;
	if (processes == PROCESSES)
		die("too many processes");
	process[processes].pid = pid;
	process[processes].stops = 0;
	return processes++;
}

static void kill_victims(void)
{
	killed = true;
	for (const char *v = victims; *v; v++)
		if (*v - '0' < processes && process[*v - '0'].pid > 0)
			kill(process[*v - '0'].pid, SIGKILL);
}

static void start(char **argv, const char *shim)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		setenv("LD_PRELOAD", shim, 1);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(argv[0], argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		die(argv[0]);
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
		       PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC);
	number_of(pid);
	ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
}

/* What is to be delivered to the process PID, which has stopped with STATUS. */
static int heed(pid_t pid, int status)
{
	const int signal = WSTOPSIG(status), i = number_of(pid);

	if (signal == (SIGTRAP | 0x80)) {
		if (i == who && !killed && process[i].stops++ == 2 * step)
			kill_victims();
		return 0;
	}
	/* How traced children begin, and events. */
	return signal == SIGSTOP || signal == SIGTRAP ? 0 : signal;
}

/* Runs the program once. Whether it came to that step. */
static bool run(char **argv, const char *shim)
{
	int status;
	pid_t pid;

	processes = 0;
	killed = false;
	alarm(PATIENCE);
	start(argv, shim);
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid < 0)
			continue;
		if (!WIFSTOPPED(status))
			process[number_of(pid)].pid = -1;
		else
			ptrace(killed ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL,
			       (long)heed(pid, status));
	}
	alarm(0);
	return killed;
}

static void sweep(const char *tool)
{
	pid_t pid;
	int status;

	sessions(true);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		execl(tool, tool, "sweep", (char *)NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		printf("sweep fails at step %d\n", step);
}

int main(int argc, char **argv)
{
	int left = 0, swept = 0;

	if (argc < 6)
		return 2;
	who = atoi(argv[1]);
	victims = argv[2];
	signal(SIGALRM, on_alarm);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		die("prctl");
	for (; step < STEPS && run(argv + 5, argv[3]); step++) {
		const bool helped = !strpbrk(victims, "12");
		const int now = sessions(false);

		left += now;
		if (!now)
			continue;
		if (helped)
			printf("left at step %d\n", step);
		sweep(argv[4]);
		swept += sessions(false);
	}
	left += sessions(false);
	printf("%d steps, %d left, %d left by the sweep\n", step, left, swept);
	return swept || (left && !strpbrk(victims, "12"));
}
