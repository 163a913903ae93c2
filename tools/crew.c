/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Crew; see crew.h. */
#include "crew.h"
#include "users.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	AT_ONCE = 16, /* children */
	ROUNDS = 4,   /* multiple of one child's time, for all of them */
	OUT = 3,      /* the child's descriptor for its records */
	MEMORY = 256 << 20,
	NOBODY = 65534,
	TICK = 500,	   /* milliseconds between two calls of crew_tick */
	PIECES = 16,	   /* reads of one pipe in a row */
	END_MOMENTS = 100, /* milliseconds for a child that has finished */
	DESCRIPTORS = 16,  /* that a child may need at once */
	FAILED = 100,	   /* added to errno: exit status of crew_fail */
};

long crew_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

gid_t crew_group(uid_t uid, gid_t gid)
{
	const struct passwd *user = user_of(uid);

	if (user)
		return user->pw_gid;
	/* The group may be inherited from the parent directory. */
	return gid || !uid ? gid : NOBODY;
}

/*
 * Becomes UID, with no group but GID, and makes the process undumpable until it executes
 * something: nobody can trace it. 0 or -errno.
 */
static int become(uid_t uid, gid_t gid)
{
	/* Before the identity changes. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return -errno;
	if (geteuid() == uid && getuid() == uid)
		return 0;
	if (setgroups(1, &gid) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		return -errno;
	/* The change has reset it. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return -errno;
	return 0;
}

void crew_say(const struct job *job, const void *record)
{
	const char *at = record;
	size_t left = job->size;

	while (left) {
		ssize_t n = write(OUT, at, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);
		at += n;
		left -= (size_t)n;
	}
}

_Noreturn void crew_fail(int error)
{
	_exit(FAILED + error);
}

/* -- The child -- */

/* Not setrlimit(3): libcs disagree about the type of WHAT. */
static void limit(int what, uint64_t most)
{
	uint64_t old[2], new[2] = { most, most };

	if (syscall(SYS_prlimit64, 0, what, NULL, old) == 0 && old[1] < most)
		new[0] = new[1] = old[1];
	syscall(SYS_prlimit64, 0, what, new, NULL);
}

/*
 * Whether there will be descriptors for the work, as FD tells: one who has too few takes
 * what cannot be opened for what is not there. 0 or -errno.
 */
static int want_descriptors(int fd)
{
	uint64_t limits[2];
	int last = fcntl(fd, F_DUPFD, DESCRIPTORS - 1);

	if (last < 0 && syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, limits) == 0) {
		limits[0] = limits[1];
		syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, limits, NULL);
		last = fcntl(fd, F_DUPFD, DESCRIPTORS - 1);
	}
	if (last < 0)
		return errno == EINVAL ? -EMFILE : -errno; /* beyond the limit */
	close(last);
	return 0;
}

/*
 * Closes the parent's descriptors but the one for records. 0 or -errno: then OUT may still be
 * a file of the caller's.
 */
static int shed(int fd)
{
	int null;

	/* Moves it above the numbers used below. */
	fd = fcntl(fd, F_DUPFD, OUT + 1);
	null = open("/dev/null", O_RDWR);
	for (int i = 0; i < OUT; i++)
		if (null != i)
			dup2(null, i);
	if (fd < 0 || dup2(fd, OUT) < 0)
		return -errno;
	fcntl(OUT, F_SETFD, FD_CLOEXEC);
#ifdef SYS_close_range
	if (syscall(SYS_close_range, OUT + 1, ~0U, 0) == 0)
		return 0;
#endif
	for (int i = OUT + 1; i < 4096; i++)
		close(i);
	return 0;
}

static void set_signals(void)
{
	static const int numbers[] = {
		SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD
	};
	sigset_t none;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		signal(numbers[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void be_child(struct job *job, int fd, int seconds, pid_t parent)
{
	int ret = want_descriptors(fd);

	setpgid(0, 0);
	set_signals();
	if (!ret)
		ret = shed(fd);
	prctl(PR_SET_NAME, "privtmp-looker");
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, (uint64_t)seconds + 1);
#ifndef __SANITIZE_ADDRESS__ /* which maps more than the limit */
	limit(RLIMIT_AS, MEMORY);
#endif
	if (job->keep)
		prctl(PR_SET_DUMPABLE, 0);
	else if (!ret)
		ret = become(job->uid, job->gid);
	/* After the change of identity, which resets it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (ret < 0)
		crew_fail(-ret);
	if (getppid() != parent)
		_exit(1);
	job->work(job);
	_exit(0);
}

/* -- The parent -- */

static void start_job(struct job *job, int seconds)
{
	const pid_t parent = getpid();
	int fds[2];

	job->fd = -1;
	job->outcome = CREW_FAILED;
	job->record = malloc(job->size);
	if (!job->record || pipe2(fds, O_CLOEXEC) < 0) {
		job->error = errno;
		free(job->record);
		return;
	}
	job->pid = fork();
	if (job->pid == 0)
		be_child(job, fds[1], seconds, parent);
	close(fds[1]);
	if (job->pid < 0) {
		job->error = errno;
		free(job->record);
		close(fds[0]);
		return;
	}
	setpgid(job->pid, job->pid);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	job->fd = fds[0];
	job->end = crew_now() + seconds * 1000L;
}

/* Kills the child. Does not wait for one that is blocked by a file system. */
static void end_job(struct job *job, enum crew_outcome outcome)
{
	int status = 0;
	pid_t pid = 0;

	close(job->fd);
	job->fd = -1;
	free(job->record);
	job->record = NULL;
	if (outcome != CREW_DONE)
		kill(job->pid, SIGKILL);
	for (int i = 0; i < END_MOMENTS && pid == 0; i++) {
		const struct timespec moment = { 0, 1000000 };

		pid = waitpid(job->pid, &status, WNOHANG);
		if (pid == 0)
			nanosleep(&moment, NULL);
	}
	if (pid == 0)
		kill(job->pid, SIGKILL);
	job->outcome = outcome;
	if (outcome != CREW_DONE || (WIFEXITED(status) && !WEXITSTATUS(status)))
		return;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
		job->outcome = CREW_CUT;
		return;
	}
	job->outcome = CREW_FAILED;
	if (WIFEXITED(status) && WEXITSTATUS(status) > FAILED)
		job->error = WEXITSTATUS(status) - FAILED;
}

/* Reads the child's records, at most one pipe's worth at a time. */
static void listen(struct job *job)
{
	for (int i = 0; i < PIECES; i++) {
		ssize_t n = read(job->fd, job->record + job->have, job->size - job->have);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			end_job(job, CREW_DONE);
			return;
		}
		job->have += (size_t)n;
		if (job->have < job->size)
			continue;
		job->have = 0;
		if (job->taken++ >= job->most) {
			end_job(job, CREW_CUT);
			return;
		}
		job->take(job, job->record);
	}
}

void (*crew_tick)(void);

/* Waits for any of the N jobs in ACTIVE. Removes those that have ended. */
static void attend(struct job **active, size_t *n)
{
	struct pollfd fds[AT_ONCE];
	long next = active[0]->end, left;
	size_t to = 0;

	for (size_t i = 0; i < *n; i++) {
		fds[i] = (struct pollfd){ .fd = active[i]->fd, .events = POLLIN };
		if (active[i]->end < next)
			next = active[i]->end;
	}
	left = next - crew_now();
	if (crew_tick && left > TICK)
		left = TICK;
	if (poll(fds, *n, left > 0 ? (int)left : 0) < 0)
		return;
	if (crew_tick)
		crew_tick();
	for (size_t i = 0; i < *n; i++) {
		if (fds[i].revents)
			listen(active[i]);
		if (active[i]->fd >= 0 && crew_now() >= active[i]->end)
			end_job(active[i], CREW_CUT);
		if (active[i]->fd >= 0)
			active[to++] = active[i];
	}
	*n = to;
}

void crew_run(struct job *jobs, size_t n, int seconds)
{
	const long last = crew_now() + ROUNDS * 1000L * seconds;
	struct job *active[AT_ONCE];
	size_t next = 0, busy = 0;

	while (next < n || busy) {
		while (next < n && busy < AT_ONCE) {
			struct job *job = &jobs[next++];

			if (crew_now() >= last) {
				job->outcome = CREW_CUT;
				continue;
			}
			start_job(job, seconds);
			if (job->fd >= 0)
				active[busy++] = job;
		}
		if (busy)
			attend(active, &busy);
	}
}
