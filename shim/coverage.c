/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Only in a build for gcov, whose counters are written when a program ends by
 * exit(3): writes them, too, before an exec and at an _exit. The linker puts these in
 * the place of the functions they are named after.
 */
#include "exec.h"
#include "session.h"

#include <errno.h>

void __gcov_dump(void);
void __gcov_reset(void);

char *const *__real_exec_env_fill(struct exec_env *env, char **vector, char *text,
					  int parent);
char *const *__wrap_exec_env_fill(struct exec_env *env, char **vector, char *text,
					  int parent);
void __real_session_leave(bool maybe_vforked);
void __wrap_session_leave(bool maybe_vforked);

static void flush(void)
{
	int error = errno;

	__gcov_dump();
	__gcov_reset();
	errno = error;
}

char *const *__wrap_exec_env_fill(struct exec_env *env, char **vector, char *text,
					  int parent)
{
	char *const *filled = __real_exec_env_fill(env, vector, text, parent);

	flush();
	return filled;
}

void __wrap_session_leave(bool maybe_vforked)
{
	__real_session_leave(maybe_vforked);
	flush();
}
