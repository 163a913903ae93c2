/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a command in a session with a trace and a plant. */
#include "attack.h"
#include "plant.h"
#include "policy/view.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../run.h"
#include "../tool.h"

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

/* Waits for CHILD; false after SECONDS (0: no limit). */
static bool await(pid_t child, unsigned seconds, int *status)
{
	const struct timespec moment = { 0, 20000000 };
	const time_t end = time(NULL) + (time_t)seconds;

	if (!seconds) {
		while (waitpid(child, status, 0) < 0 && errno == EINTR)
			;
		return true;
	}
	while (waitpid(child, status, WNOHANG) == 0) {
		if (time(NULL) > end)
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}

int attack_run(const struct options *options, char **argv, const struct trace_file *trace,
	       const char *word, unsigned timeout, bool quiet)
{
	struct attempt attempt = { trace, word };
	const struct run_hooks hooks = { prepare, plant_it, NULL, &attempt };
	pid_t child = fork();
	int argc = 0, status = 0;

	if (child < 0)
		return STATUS_PRIVTMP;
	if (child == 0) {
		/* Ends all processes of the session at once. */
		if (timeout)
			setpgid(0, 0);
		if (quiet)
			be_quiet();
		while (argv[argc])
			argc++;
		exit(run_hooked(options, argc, argv, &hooks));
	}
	if (!await(child, timeout, &status)) {
		kill(-child, SIGKILL);
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		return -1;
	}
	return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) :
				     WEXITSTATUS(status);
}
