/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The standby; see standby.h. tools/reaper.c is the same for the shim. */
#include "standby.h"
#include "core/sys.h"
#include "reap.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Nothing of the launcher's: no terminal, no descriptor, no directory. */
static void shed(void)
{
	setsid();
	(void)!chdir("/");
#ifdef SYS_close_range
	if (SYS3(SYS_close_range, 0, ~0U, 0) < 0)
#endif
		for (int fd = 0; fd < 1024; fd++)
			sys_close(fd);
	if (open("/dev/null", O_RDWR) == 0) {
		dup2(0, 1);
		dup2(0, 2);
	}
}

pid_t standby_start(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid < 0 ? -errno : pid;
	shed();
	session_let_go();
	_exit(reap(pt_session.root) < 0);
}
