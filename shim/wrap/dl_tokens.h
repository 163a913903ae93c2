/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * $ORIGIN, $LIB and $PLATFORM, which glibc's linker expands in a path that dlopen(3) is
 * given. It does so itself, unless the path then leads into a backing.
 */
#ifndef PRIVTMP_DL_TOKENS_H
#define PRIVTMP_DL_TOKENS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Writes FILE as the linker expands it for an object with the address CALLER. False: it
 * is too long.
 */
bool tokens_expand(const char *file, const void *caller, char out[PATH_MAX]);

#endif
