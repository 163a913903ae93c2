/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stack as the kernel laid it out for this program: the number of its arguments, these,
 * NULL, the environment, NULL. What a constructor needs that runs before libc's own start,
 * or after others that have changed environ.
 */
#ifndef PRIVTMP_INITIAL_STACK_H
#define PRIVTMP_INITIAL_STACK_H

#include <stdlib.h>

/* NULL where libc does not tell. */
static inline const long *initial_stack(void)
{
#ifdef __GLIBC__
	extern void *__libc_stack_end; /* of the dynamic loader */

	return __libc_stack_end;
#else
	return NULL;
#endif
}

/* The environment there. NULL where it is not known, or this is no such stack. */
static inline char **initial_environment(void)
{
	const long *stack = initial_stack();

	if (!stack || *stack < 0 || stack[1 + *stack])
		return NULL;
	return (char **)stack + 1 + *stack + 1;
}

#endif
