/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * life_kill TIMES SEED SHIM PROGRAM: start PROGRAM SEED under SHIM TIMES times, in a
 * process group of its own, and SIGKILL that at a random moment: while it starts,
 * makes its session, works, or takes the session down again. Every eighth time the
 * session's helper is killed, too.
 *
 * Just before that the group is stopped, to see which sessions there are and
 * whether each has its helper. Prints how many sessions were met, and how many were
 * left behind, by what became of the helper. Status 1 where a helper that
 * lived left something.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NAMES = 4096, LATEST = 5000, SOON = 200 }; /* milliseconds */

struct names {
	int n;
	char at[NAMES][48]; /* full paths of roots */
};

static struct names old, now;

enum fate { NO_HELPER, KILLED, LIVED, FATES };

static const char *const fates[] = { "helper not seen", "helper killed", "helper lived" };
static int met[FATES], left[FATES], without;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void list(struct names *names)
{
	static const char *const dirs[] = { "/tmp", "/var/tmp" };

	names->n = 0;
	for (int i = 0; i < 2; i++) {
		DIR *dir = opendir(dirs[i]);

		if (!dir)
			die(dirs[i]);
		for (struct dirent *e; (e = readdir(dir)) && names->n < NAMES;)
			if (!strncmp(e->d_name, ".privtmp-", 9) &&
			    strlen(e->d_name) == 31)
				sprintf(names->at[names->n++], "%s/%.31s", dirs[i],
					e->d_name);
		closedir(dir);
	}
}

static bool is_old(const char *path)
{
	for (int i = 0; i < old.n; i++)
		if (!strcmp(old.at[i], path))
			return true;
	return false;
}

/* Sets NOW to the roots that have appeared; how many. */
static int list_new(void)
{
	int kept = 0;

	list(&now);
	for (int i = 0; i < now.n; i++)
		if (!is_old(now.at[i]))
			memmove(now.at[kept++], now.at[i], sizeof *now.at);
	return now.n = kept;
}

/* Whether the process PID, a directory of /proc, is called a helper. */
static bool is_helper(const char *pid)
{
	static const char want[] = "privtmp-reaper";
	char path[64], line[sizeof want];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, line, sizeof line);
	if (fd >= 0)
		close(fd);
	return n == sizeof want && !memcmp(line, want, sizeof want);
}

/* The helper that has ROOT as its descriptor 3, or 0. */
static pid_t helper_of(const char *root)
{
	char path[64], name[256];
	DIR *proc = opendir("/proc");
	pid_t found = 0;

	if (!proc)
		die("/proc");
	for (struct dirent *e; !found && (e = readdir(proc));) {
		ssize_t n;

		if (!isdigit((unsigned char)e->d_name[0]) || !is_helper(e->d_name))
			continue;
		snprintf(path, sizeof path, "/proc/%.20s/fd/3", e->d_name);
		n = readlink(path, name, sizeof name - 1);
		if (n > 0 && (size_t)n == strlen(root) && !memcmp(name, root, (size_t)n))
			found = atoi(e->d_name);
	}
	closedir(proc);
	return found;
}

/* From LEAST microseconds to a thousand times that, each order as often. */
static void wait_some(long least)
{
	long us = least << (rand() % 10);
	struct timespec t = { 0, (us + rand() % us) * 1000 };

	nanosleep(&t, NULL);
}

/* Until PID has a session, or has ended. */
static void wait_for_session(pid_t pid)
{
	const struct timespec moment = { 0, 50000 };
	siginfo_t ended = { 0 };

	while (!list_new() && !ended.si_pid) {
		nanosleep(&moment, NULL);
		waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT);
	}
}

static pid_t start(const char *shim, const char *program, int seed)
{
	char number[16];
	char *argv[] = { (char *)program, number, NULL };
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	setpgid(0, 0);
	snprintf(number, sizeof number, "%d", seed);
	setenv("LD_PRELOAD", shim, 1);
	execv(program, argv);
	_exit(127);
}

/* What has become of the helpers of the new sessions; KILL: as is done here. */
static enum fate look(bool kill_it)
{
	enum fate fate = LIVED;

	for (int i = 0; i < now.n; i++) {
		pid_t helper;

		if (strncmp(now.at[i], "/tmp/", 5))
			continue;
		helper = helper_of(now.at[i]);
		if (!helper)
			fate = NO_HELPER;
		else if (kill_it && !kill(helper, SIGKILL))
			fate = KILLED;
	}
	return fate;
}

/*
 * Waits for all of the group PID, which has been killed. What it has forked has
 * come to us: the first process of a container may take its time.
 */
static void bury(pid_t pid)
{
	int status;

	while (kill(-pid, 0) == 0)
		if (waitpid(-pid, NULL, __WALL) < 0)
			sched_yield();
	/*
	 * Helpers that have ended, of whatever session; and who was stopped on the
	 * way out of the group, which the kill could not find there.
	 */
	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | __WALL)) > 0)
		if (WIFSTOPPED(status))
			kill(pid, SIGKILL);
}

/* Whether the sessions go by themselves. */
static bool go(enum fate fate)
{
	const struct timespec moment = { 0, 1000000 };

	for (int i = fate == LIVED ? 0 : LATEST - SOON; i < LATEST; i++) {
		if (!list_new())
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

int main(int argc, char **argv)
{
	int times, seed;

	if (argc != 5)
		return 2;
	times = atoi(argv[1]);
	seed = atoi(argv[2]);
	srand((unsigned)seed);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		die("prctl");
	for (int i = 0; i < times; i++) {
		pid_t pid;
		enum fate fate;

		list(&old);
		pid = start(argv[3], argv[4], seed + i);
		setpgid(pid, pid);
		/* How long it takes to start depends on what else goes on. */
		if (i % 4)
			wait_for_session(pid);
		wait_some(i % 4 ? 20 : 200);
		kill(-pid, SIGSTOP);
		list_new();
		fate = look(i % 8 == 7);
		if (now.n)
			met[fate]++;
		else
			without++;
		kill(-pid, SIGKILL);
		bury(pid);
		if (go(fate))
			continue;
		left[fate]++;
		for (int k = 0; fate == LIVED && k < now.n; k++)
			printf("left at %d: %s\n", i, now.at[k]);
	}
	printf("%d times killed, seed %d; no session: %d\n", times, seed, without);
	for (int i = 0; i < FATES; i++)
		printf("%s: %d sessions, %d left\n", fates[i], met[i], left[i]);
	return left[LIVED] > 0;
}
