/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * posix_spawn's file actions: libc carries them out in the child, where no wrapper sees
 * it. So the paths are redirected when they are added. A relative path is seen from the
 * working directory at that time.
 */
#define _GNU_SOURCE
#include "wrap/open_flags.h"
#include "session/hints_use.h"
#include "session/session.h"
#include "wrap/exec.h"
#include "wrap/wrap.h"

WRAP(int, posix_spawn_file_actions_addopen, void *actions, int fd, const char *path,
     int flags, unsigned mode);

int pt_posix_spawn_file_actions_addopen(void *actions, int fd, const char *path,
					int flags, unsigned mode)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, follow_open(flags),
			     flags & (O_ACCMODE | O_CREAT | O_TRUNC) ? ROUTE_WRITE :
								       ROUTE_READ)];
	int ret, saved = errno;

	if (route_go(&r, room) < 0) {
		ret = errno;
		errno = saved;
		return ret;
	}
	ret = REAL(posix_spawn_file_actions_addopen)(actions, fd, r.path, flags, mode);
	route_end(&r);
	return ret;
}

/* Lists that change the directory. */
static const void *movers[16];
static bool too_many; /* any list may */

enum { MOVERS = sizeof movers / sizeof *movers };

/* Puts BY in a place of movers that has WHAT; whether there is one. */
static bool exchange_mover(const void *what, const void *by)
{
	for (int i = 0; i < MOVERS; i++) {
		const void *found = what;

		if (__atomic_load_n(&movers[i], __ATOMIC_RELAXED) == what &&
		    __atomic_compare_exchange_n(&movers[i], &found, by, false,
						__ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
	}
	return false;
}

bool spawn_may_move(const void *actions)
{
	return actions && (__atomic_load_n(&too_many, __ATOMIC_RELAXED) ||
			   exchange_mover(actions, actions));
}

static __attribute__((unused)) void moves(const void *actions)
{
	if (!exchange_mover(actions, actions) && !exchange_mover(NULL, actions))
		__atomic_store_n(&too_many, true, __ATOMIC_RELAXED);
}

WRAP(int, posix_spawn_file_actions_init, void *actions);

int pt_posix_spawn_file_actions_init(void *actions)
{
	exchange_mover(actions, NULL);
	return REAL(posix_spawn_file_actions_init)(actions);
}

WRAP(int, posix_spawn_file_actions_destroy, void *actions);

int pt_posix_spawn_file_actions_destroy(void *actions)
{
	exchange_mover(actions, NULL);
	return REAL(posix_spawn_file_actions_destroy)(actions);
}

typedef int chdir_fn(void *actions, const char *path);

/* The new image has to know that it may start in a backing. */
static __attribute__((unused)) int add_chdir(chdir_fn *real, void *actions,
					     const char *path)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	int ret, saved = errno;

	if (route_go(&r, room) < 0) {
		ret = errno;
		errno = saved;
		return ret;
	}
	if (r.guard >= 0) {
		pt_view.cwd_inside = 1;
		session_wrote();
	}
	moves(actions);
	/* In a shared directory: programs started from there check their start. */
	if (view_is_exact())
		pt_view.cwd_inside = 1;
	ret = real(actions, r.path);
	route_end(&r);
	return ret;
}

#define ADD_CHDIR(name) \
	WRAP(int, name, void *actions, const char *path); \
	int pt_##name(void *actions, const char *path) \
	{ \
		return add_chdir(REAL(name), actions, path); \
	}

#define ADD_FCHDIR(name) \
	WRAP(int, name, void *actions, int fd); \
	int pt_##name(void *actions, int fd) \
	{ \
		pt_view.cwd_inside = 1; \
		moves(actions); \
		return REAL(name)(actions, fd); \
	}

ADD_CHDIR(posix_spawn_file_actions_addchdir_np)
ADD_CHDIR(posix_spawn_file_actions_addchdir)
ADD_FCHDIR(posix_spawn_file_actions_addfchdir_np)
ADD_FCHDIR(posix_spawn_file_actions_addfchdir)
