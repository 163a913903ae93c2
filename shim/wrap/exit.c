/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* _exit(2) and _Exit(3) run no exit handlers, so the session is left here. */
#define _GNU_SOURCE
#include "session/leave.h"
#include "wrap/wrap.h"

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
