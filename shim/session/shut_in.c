/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds out whether a filter forbids leaving; see shut_in.h. */
#define _GNU_SOURCE
#include "session/shut_in.h"
#include "core/seccomp.h"
#include "core/sys.h"
#include "session/copy.h"
#include "session/session.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

static const long at_once[2];
static char nowhere[16];

/*
 * The calls of session_leave, with arguments that make them harmless. Those that start
 * another helper are not needed: they fail and are reported.
 */
static const struct {
	long number;
	long arg[5];
} calls[] = {
	{ SYS_getppid, { 0 } },
	{ SYS_getpid, { 0 } },
	{ SYS_OF_ID(geteuid), { 0 } },
	{ SYS_openat, { -1, (long)"", O_RDONLY | O_CLOEXEC } },
	{ SYS_statx, { -1, (long)"", 0, 0, (long)nowhere } },
	{ SYS_flock, { -1, LOCK_SH } },
	{ SYS_fcntl, { -1, F_GETFD } },
	{ SYS_read, { -1, (long)nowhere, 0 } },
	{ SYS_readlinkat, { -1, (long)"", (long)nowhere, sizeof nowhere } },
	{ SYS_getdents64, { -1, (long)nowhere, sizeof nowhere } },
	{ SYS_fchmod, { -1, 0 } },
	{ SYS_fchmodat, { -1, (long)"", 0 } },
	{ SYS_unlinkat, { -1, (long)"", 0 } },
	{ SYS_munmap, { 0, 0 } },
	{ SYS_nanosleep, { (long)at_once, 0 } },
	{ SYS_close, { -1 } },
};

enum { CALLS = sizeof calls / sizeof *calls };

static void try_all(void *unused)
{
	const struct rlimit none = { 0, 0 };

	(void)unused;
	SYS2(SYS_setrlimit, RLIMIT_CORE, &none);
	for (int i = 0; i < CALLS; i++)
		sys_call(calls[i].number, calls[i].arg[0], calls[i].arg[1],
			 calls[i].arg[2], calls[i].arg[3], calls[i].arg[4], 0);
}

bool shut_in_from_start(void)
{
	int status = 0;

	/* Its own filters are known. */
	if (__atomic_load_n(&seccomp_count, __ATOMIC_RELAXED) ||
	    SYS1(SYS_prctl, PR_GET_SECCOMP) != SECCOMP_MODE_FILTER)
		return false;
	/* A child of a member has nothing to remove. */
	if (pt_session.parent)
		return true;
	return copy_run(try_all, NULL, &status) == 0 && WIFSIGNALED(status);
}

bool shut_in_by_itself(void)
{
	if (!__atomic_load_n(&seccomp_count, __ATOMIC_RELAXED))
		return false;
	for (int i = 0; i < CALLS; i++) {
		const long arg[] = { calls[i].arg[0], calls[i].arg[1], calls[i].arg[2],
				     calls[i].arg[3], calls[i].arg[4], 0 };

		if (seccomp_refuses(calls[i].number, arg))
			return true;
	}
	return false;
}
