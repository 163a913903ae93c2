/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reaper: waits until the session whose root is its argument has no member
 * left, and removes it. Started by the shim (shim/reaper_start.c); takes the
 * place of the handlers that a killed process cannot run.
 */
#include "raw.h"
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>

extern const char privtmp_tool;
const char privtmp_tool __attribute__((used, visibility("default"))) = 1;

static void wake(int signal)
{
	(void)signal;
}

int main(int argc, char **argv)
{
	const struct sigaction on_term = { .sa_handler = wake };
	sigset_t none;
	int ret;

	if (argc != 2)
		return 2;
	prctl(PR_SET_NAME, "privtmp-reaper");
	/* The program's mask and what it ignored have come along. */
	for (int i = 1; i < NSIG; i++)
		signal(i, i == SIGTERM ? SIG_DFL : SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigaction(SIGTERM, &on_term, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	ret = session_reap(argv[1], true, NULL);
	if (ret == -EINTR)	/* one last try, then out of the way */
		ret = session_reap(argv[1], false, NULL);
	return ret < 0;
}
