/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The standby; see standby.h. tools/reaper.c is the same for the shim. */
#include "standby.h"
#include "raw.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static void wake(int number)
{
	(void)number;
}

/* Nothing of the launcher's: no terminal, no descriptor, no directory. */
static void shed(void)
{
	const struct sigaction on_term = { .sa_handler = wake };
	sigset_t none;

	prctl(PR_SET_NAME, "privtmp-reaper");
	setsid();
	(void)!chdir("/");
#ifdef SYS_close_range
	if (RAW3(SYS_close_range, 0, ~0U, 0) < 0)
#endif
		for (int fd = 0; fd < 1024; fd++)
			raw_close(fd);
	if (open("/dev/null", O_RDWR) == 0) {
		dup2(0, 1);
		dup2(0, 2);
	}
	for (int i = 1; i < NSIG; i++)
		if (i != SIGTERM && i != SIGCHLD)
			signal(i, SIG_IGN);
	sigaction(SIGTERM, &on_term, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

pid_t standby_start(void)
{
	pid_t pid = fork();
	int ret;

	if (pid != 0)
		return pid < 0 ? -errno : pid;
	shed();
	session_let_go();
	ret = session_reap(pt_session.root, true, NULL);
	if (ret == -EINTR)	/* one last try, then out of the way */
		ret = session_reap(pt_session.root, false, NULL);
	_exit(ret < 0);
}
