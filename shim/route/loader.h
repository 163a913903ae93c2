/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The arguments of a dynamic linker that is executed itself, as ldd(1) does: it opens the
 * program and the libraries that they name, where no wrapper sees it.
 */
#ifndef PRIVTMP_LOADER_H
#define PRIVTMP_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/text.h"

/* Whether PATH is called as dynamic linkers are. */
bool loader_is(const char *path);

/*
 * Writes the lists among the arguments ARGV to TEXT, which has ROOM bytes, and to VECTOR
 * where they are; returns the bytes, or -errno. TEXT NULL: only counts the bytes that it may
 * take. *PROGRAM is the program's index, or that of the end. A list of libraries to preload
 * gets the word SHIM, if that is not empty: musl's linker does not read LD_PRELOAD then.
 */
ptrdiff_t loader_put_lists(char *const *argv, const struct text *shim, char *text,
			   size_t room, char **vector, size_t *program);

/* The index in ARGV of the program that is started. 0: none, it is only looked at. */
size_t loader_started(char *const *argv);

#endif
