/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists of paths in the environment that ld.so searches by itself, where no wrapper sees
 * it: LD_LIBRARY_PATH, LD_AUDIT, LD_PRELOAD, and where it writes. A new image gets them
 * with the backings' paths, and its constructor puts the view's back. Safe between fork
 * and exec.
 */
#ifndef PRIVTMP_LISTS_H
#define PRIVTMP_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

/* Whether ENTRY ("NAME=VALUE") is such a list. */
bool list_is(const char *entry);

/* Whether ENTRY is one, and some of it leads into a backing. */
bool list_leads(const char *entry);

/* Whether what is at AT (LEN bytes) leads there. */
bool list_element_leads(const char *at, size_t len);

/*
 * Writes ENTRY, which is one, with real paths to TO. NULL: only counts; returns how many
 * bytes it may take or, where it was written, how many it has taken.
 */
size_t list_put(const char *entry, char *to);

/* Takes the backings' part out of ENTRY again, in place. */
void list_show(char *entry);

/*
 * Looks whether ld.so may have taken libraries into this process, by ENVP, that others
 * have put into a guarded directory; says so, and refuses the session where that is asked
 * for. Before a shim is there, nothing leads elsewhere.
 */
void list_heed(char *const *envp);

/* The element of a list that begins at or behind *AT; false: there is none. */
bool list_next(const char **at, struct text *element);

#endif
