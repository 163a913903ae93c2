/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Variables by whose values libc opens files inside itself, where no wrapper sees it:
 * TZ, LOCPATH, GCONV_PATH and the like. Around a call that may do so, the value in
 * environ is one with the backing's path; before and after it, the program's own.
 */
#ifndef PRIVTMP_LIBC_ENV_H
#define PRIVTMP_LIBC_ENV_H

#include <stdbool.h>

/* Whether something has been put in its place; then libc_env_end has to follow. */
bool libc_env_begin(void);
void libc_env_end(void);

/* Whether ENTRY of an environment is one of those variables. */
bool libc_env_is(const char *entry);

/* Before main: what libc reads once, whenever that will be. */
void libc_env_start(void);

#endif
