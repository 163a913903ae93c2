/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shim's start and end in a process, and the way to what it wraps.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "wrap/wrap.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "gen/newest.h"
#include "wrap/exec.h"
#include "wrap/dl.h"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51	/* headers before glibc 2.34 and Linux 5.14 */
#endif

/*
 * The project's own tools define this: around them the shim stands aside, or
 * a sweep started from a shimmed service would sweep in a private /tmp.
 */
extern const char privtmp_tool __attribute__((weak));

#ifdef __GLIBC__
extern int __cxa_atexit(void (*fn)(void *), void *arg, void *dso);
#endif

static int missing_number(void)
{
	errno = ENOSYS;
	return -1;
}

#ifdef OLD_VERSION
/*
 * Before 2.36 glibc's dlsym(RTLD_NEXT) finds the oldest version of a function, which a
 * program gets only that was linked before there was another: so the wrappers ask for
 * the newest one, where there are more.
 */
NO_SANITIZE static void *find_newest(const char *name)
{
	static const char newest[] = NEWEST_VERSIONS;

	for (const char *at = newest; *at;) {
		const char *version = at + strlen(at) + 1;

		if (!strcmp(at, name))
			return dlvsym(RTLD_NEXT, name, version);
		at = version + strlen(version) + 1;
	}
	return NULL;
}
#endif

NO_SANITIZE void *wrap_find(void **slot, const char *name)
{
	int saved = errno;
	void *found = NULL;

	dl_keep_message();
#ifdef OLD_VERSION
	found = find_newest(name);
#endif
	if (!found)
		found = dlsym(RTLD_NEXT, name);
#ifdef OLD_VERSION
	if (!found)	/* kept for old programs alone */
		found = dlvsym(RTLD_NEXT, name, OLD_VERSION);
#endif
	if (!found)	/* an older libc than that of the build */
		found = (void *)missing_number;
	__atomic_store_n(slot, found, __ATOMIC_RELAXED);
	errno = saved;
	return found;
}

extern const char __start_privtmp_slots[]
	__attribute__((visibility("hidden")));
extern const char __stop_privtmp_slots[]
	__attribute__((visibility("hidden")));

void wrap_find_all(void)
{
	static bool found;

	if (__atomic_exchange_n(&found, true, __ATOMIC_RELAXED))
		return;
	/* Two names of one array, made by the linker. */
	for (const char *at = __start_privtmp_slots;
	     /* cppcheck-suppress comparePointers */
	     at < __stop_privtmp_slots;) {
		const struct wrap_slot *s = (const void *)at;
		size_t size = offsetof(struct wrap_slot, name) + strlen(s->name) + 1;

		wrap_find((void **)(uintptr_t)(at + s->distance), s->name);
		at += (size + 3) & ~(size_t)3;
	}
	reaper_prepare();
}

WRAP(int, sigaltstack, const stack_t *stack, stack_t *old);

/*
 * What the linker takes to look up a name, or the shim to make a session, beside what
 * a handler needs by itself; and then as much again.
 */
enum { ROOMY = 4096 };

/*
 * A handler may call what is safe there first thing, on a stack that has room for what
 * libc's own function takes. What takes more, and is done once, is done before there
 * is such a stack: later would be on it.
 */
int pt_sigaltstack(const stack_t *stack, stack_t *old)
{
	if (stack && !(stack->ss_flags & SS_DISABLE) &&
	    stack->ss_size < getauxval(AT_MINSIGSTKSZ) + ROOMY) {
		int saved = errno;

		wrap_find_all();
		session_share();
		errno = saved;
	}
	return REAL(sigaltstack)(stack, old);
}

#ifdef __GLIBC__
static void leave(void *unused)
{
	(void)unused;
	session_leave(true);
}
#else
/* musl runs destructors after its atexit handlers. */
__attribute__((destructor)) static void leave(void)
{
	session_leave(true);
}
#endif

static void leave_quickly(void)
{
	session_leave(true);
}

/*
 * Before main. Constructors of other libraries may have run before this one,
 * and have used what is wrapped: each wrapper enters a session by itself.
 *
 * The handler is registered for no library (NULL), so that it runs after all
 * others, which may still use /tmp: the first registered is the last to run.
 * quick_exit(3) has a list of its own.
 */
__attribute__((constructor)) static void start(void)
{
	if (&privtmp_tool) {
		pt_session.state = SESSION_OFF;
		return;
	}
	session_enter(environ, NULL);
	exec_remember(pt_session.privileged ? NULL : environ);
	pt_session.main_reached = true;
	exec_publish();
#ifdef __GLIBC__
	__cxa_atexit(leave, NULL, NULL);
#endif
	(void)at_quick_exit(leave_quickly);
}

WRAP(void, _exit, int status);
WRAP(void, _Exit, int status);

void wrap_find_exit(void)
{
	(void)REAL(_exit);
}

void pt__exit(int status)
{
	session_leave(true);
	REAL(_exit)(status);
	__builtin_unreachable();
}

void pt__Exit(int status)
{
	session_leave(true);
	REAL(_Exit)(status);
	__builtin_unreachable();
}
