/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trace's start and end in a process. */
#define _GNU_SOURCE
#include "core/libc.h"
#include "audit/exec_env.h"
#include "audit/outer.h"
#include "policy/settings.h"
#include "session/enter.h"
#include "wrap/symbols.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

/* The project's own tools define this symbol: they are not audited. */
extern const char privtmp_tool __attribute__((weak));

const char session_observes = 1;

#ifdef __GLIBC__
extern int __cxa_atexit(void (*fn)(void *), void *arg, void *dso);

static void stop(void *unused)
{
	(void)unused;
	trace_stop();
}
#else
__attribute__((destructor)) static void stop(void)
{
	trace_stop();
}
#endif

__attribute__((constructor)) static void start(void)
{
	if (&privtmp_tool || getauxval(AT_SECURE))
		return;
	symbols_start();
	audit_env_start(libc_environ);
	trace_start(libc_environ);
	if (!pt_trace)
		return;
	watch_start(environment_value(libc_environ, "TMPDIR"));
	point_start(libc_environ);
#ifdef __GLIBC__
	__cxa_atexit(stop, NULL, NULL);
#endif
}

OUTER(void, _exit, int status);
OUTER(void, _Exit, int status);

void au__exit(int status)
{
	trace_stop();
	pt__exit(status);
	__builtin_unreachable();
}

void au__Exit(int status)
{
	trace_stop();
	pt__Exit(status);
	__builtin_unreachable();
}
