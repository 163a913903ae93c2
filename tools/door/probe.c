/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tries whether the mount door opens; see door.h. A child does so, because a filter can kill
 * it, and a process cannot leave a namespace again if a later step fails. It watches nothing:
 * the kernel would keep it for milliseconds (instance.c).
 */
#include "door/door.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child's results. */
struct found {
	struct refusal refusal;
	bool user;
};

static void try_door(int out)
{
	struct found found = { .refusal = { NULL, 0 } };
	const char *place = sys_access("/tmp", X_OK) == 0 ? "/tmp" : "/";
	int ret = keeper_start(NULL, -1, &found.refusal);

	if (ret == 0)
		ret = space_enter(&found.refusal, &found.user);
	if (ret == 0)
		ret = mounts_try(place, &found.refusal);
	if (ret == 0)
		found.refusal.step = NULL;
	sys_write(out, &found, sizeof found);
	_exit(0);
}

bool probe_door(struct refusal *refusal, bool *user, pid_t *ending)
{
	struct found found = { .refusal = { STEP_CHILD, 0 } };
	int fds[2], status = 0;
	pid_t pid;
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC) < 0)
		goto failed;
	/* Without an exit signal, which the program would get. */
	pid = (pid_t)SYS2(SYS_clone, ending ? SIGCHLD : 0, 0);
	if (pid == 0)
		try_door(fds[1]);
	sys_close(fds[1]);
	if (pid < 0) {
		sys_close(fds[0]);
		errno = -pid;
		goto failed;
	}
	n = sys_read(fds[0], &found, sizeof found);
	sys_close(fds[0]);
	/* The end of a namespace takes the kernel as long as all else together. */
	if (ending && n == sizeof found && !found.refusal.step) {
		*ending = pid;
		pid = 0;
	}
	while (pid && SYS4(SYS_wait4, pid, &status, (int)__WALL, NULL) == -EINTR)
		;
	if (n != sizeof found)
		found.refusal = (struct refusal){ STEP_KILLED, status & 0x7f };
	*refusal = found.refusal;
	*user = found.user;
	return !found.refusal.step;
failed:
	*refusal = (struct refusal){ STEP_CHILD, errno };
	return false;
}
