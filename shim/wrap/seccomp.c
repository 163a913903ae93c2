/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Programs that install a seccomp filter. Behind it the calls for making a session may
 * be forbidden, so it is made before. The shim has to know the filter, to avoid calls
 * for which it kills.
 */
#define _GNU_SOURCE
#include "core/seccomp.h"
#include "core/sys.h"
#include "session/session.h"
#include "wrap/filter.h"
#include "wrap/wrap.h"

#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/prctl.h>

/*
 * A vfork child has a filter of its own, but shares memory: nothing is remembered of
 * it, nor where nothing is redirected.
 */
static bool is_of_interest(void)
{
	return pt_session.state >= SESSION_PLANNED && sys_getpid() == pt_session.pid;
}

long filter_by(filter_fn *call, const void *arg, const void *filter)
{
	bool known;
	void *room;
	long ret;

	session_share();
	known = is_of_interest();
	room = known && filter ? seccomp_begin() : NULL;
	ret = call(arg);
	if (known)
		seccomp_installed(room, filter, ret >= 0);
	return ret;
}

typedef int prctl_fn(int option, ...);

struct prctl_call {
	prctl_fn *real;
	int option;
	unsigned long arg[4];
};

static long call_prctl(const void *arg)
{
	const struct prctl_call *c = arg;

	return c->real(c->option, c->arg[0], c->arg[1], c->arg[2], c->arg[3]);
}

static int prctl_by(prctl_fn *real, int option, va_list list)
{
	struct prctl_call c = { .real = real, .option = option };

	for (int i = 0; i < 4; i++)
		c.arg[i] = va_arg(list, unsigned long);
	if (option == PR_SET_SECCOMP)
		return (int)filter_by(
			call_prctl, &c,
			c.arg[0] == SECCOMP_MODE_FILTER ? (const void *)c.arg[1] : NULL);
	/* This is called before a filter is installed. */
	if (option == PR_SET_NO_NEW_PRIVS)
		session_share();
	return (int)call_prctl(&c);
}

#define PRCTL(name) \
	WRAP(int, name, int option, ...); \
	int pt_##name(int option, ...) \
	{ \
		va_list list; \
		va_start(list, option); \
		int ret = prctl_by(REAL(name), option, list); \
		va_end(list); \
		return ret; \
	}

PRCTL(prctl)
#ifdef TIME64_NAMES
PRCTL(__prctl_time64)
#endif
