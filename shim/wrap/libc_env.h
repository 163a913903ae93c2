/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Variables whose values libc opens inside itself, where no wrapper sees it: TZ,
 * LOCPATH, GCONV_PATH and the like. During a call that may do so, environ has a value
 * with the backing's path; otherwise the program's own.
 */
#ifndef PRIVTMP_LIBC_ENV_H
#define PRIVTMP_LIBC_ENV_H

#include <stdbool.h>

/* Whether a value was replaced; then libc_env_end must follow. */
bool libc_env_begin(void);
void libc_env_end(void);

/* The body of a function around CALL, with the variables led in between where BEGIN can. */
#define LEADING(type, call, begin, end) \
	{ \
		bool led = begin; \
		type ret = call; \
		if (led) \
			end; \
		return ret; \
	}

/*
 * The same for functions that open files in $HOME. Not for others: programs read that
 * variable more often than libc does.
 */
bool libc_env_begin_home(void);
void libc_env_end_home(void);

/* Whether ENTRY of an environment is one of those variables. */
bool libc_env_is(const char *entry);

/* Before main: for variables that libc reads once, at any time. */
void libc_env_start(void);

#endif
