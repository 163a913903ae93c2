/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a command in a session with a trace and a plant. */
#include "attack.h"
#include "plant.h"
#include "core/report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../remedy.h"
#include "../run.h"
#include "../tool.h"
#include "../watch.h"

/* Data for the hooks of one run. */
struct attempt {
	const struct trace_file *trace;
	const char *word; /* NULL: nothing is planted */
};

static int prepare(struct launch *launch, void *data)
{
	const struct attempt *a = data;

	if (shim_for_audit(&launch->shim) < 0)
		return -1;
	return setenv(TRACE_VARIABLE, a->trace->path, 1);
}

/* Puts the plant into the session's directories, which exist now. */
static void plant_it(const struct launch *launch, void *data)
{
	const struct attempt *a = data;
	const char *path = a->word ? strchr(a->word, ':') + 1 : NULL;
	char real[PATH_MAX];

	(void)launch;
	if (path && left_real_path(path, real))
		plant_put(plant_named(a->word, (size_t)(path - 1 - a->word)), real,
			  a->trace);
}

static void be_quiet(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int i = 0; i < 3; i++)
		dup2(null, i);
	if (null > 2)
		close(null);
}

/* The signals that end us, what was blocked before they were held, and the one that came. */
static sigset_t ends, inherited;
static int ended;

void attack_hold_signals(void)
{
	static const int numbers[] = { WATCH_ENDS };
	struct sigaction action;

	sigemptyset(&ends);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (sigaction(numbers[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&ends, numbers[i]);
	sigprocmask(SIG_BLOCK, &ends, &inherited);
}

void attack_let_signals(void)
{
	if (ended)
		raise(ended);
	sigprocmask(SIG_SETMASK, &inherited, NULL);
}

bool attack_ended(void)
{
	return ended != 0;
}

/* Ends CHILD and all that is in its group. */
static void end_all(pid_t child, int *status)
{
	kill(-child, SIGKILL);
	kill(child, SIGKILL);
	waitpid(child, status, 0);
}

/*
 * Waits for CHILD; false after SECONDS (0: no limit), when it is ended. So it is by a signal
 * that ends us: it may wait for the plant for ever. Without a limit the signal is passed on,
 * unless it came from the terminal, to all alike.
 */
static bool await(pid_t child, unsigned seconds, int *status)
{
	const struct timespec moment = { 0, 20000000 };
	const time_t end = time(NULL) + (time_t)seconds;
	siginfo_t info;

	while (waitpid(child, status, WNOHANG) == 0) {
		const int number = sigtimedwait(&ends, &info, &moment);

		if (number > 0)
			ended = number;
		if (seconds && (number > 0 || time(NULL) > end)) {
			end_all(child, status);
			return false;
		}
		if (number > 0 && info.si_code <= 0)
			kill(child, number);
	}
	return true;
}

int attack_run(const struct options *options, char **argv, const struct trace_file *trace,
	       const char *word, unsigned timeout, bool quiet)
{
	struct attempt attempt = { trace, word };
	const struct run_hooks hooks = { prepare, plant_it, NULL, &attempt };
	const pid_t parent = getpid();
	pid_t child = fork();
	int argc = 0, status = 0;

	if (child < 0) {
		report(argv[0], "cannot be run", errno, remedy_of(errno));
		return STATUS_PRIVTMP;
	}
	if (child == 0) {
		/* It passes that on to the command, which may wait for the plant. */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		sigprocmask(SIG_SETMASK, &inherited, NULL);
		if (getppid() != parent)
			exit(STATUS_PRIVTMP);
		/* Ends all processes of the session at once. */
		if (timeout)
			setpgid(0, 0);
		if (quiet)
			be_quiet();
		while (argv[argc])
			argc++;
		exit(run_hooked(options, argc, argv, &hooks));
	}
	if (!await(child, timeout, &status))
		return -1;
	return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) :
				     WEXITSTATUS(status);
}
