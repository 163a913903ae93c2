/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Variables with lists of paths that ld.so reads, where no wrapper sees it:
 * LD_LIBRARY_PATH, LD_AUDIT, LD_PRELOAD, and where it writes. A new image gets them
 * with the backings' paths, and its constructor restores the view's. Safe between fork
 * and exec.
 */
#ifndef PRIVTMP_LISTS_H
#define PRIVTMP_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

/* Whether ENTRY ("NAME=VALUE") is such a list. */
bool list_is(const char *entry);

/*
 * Whether ENTRY is one, and an element of it leads into a backing: 1 or 0, or -errno where
 * that cannot be seen for a moment. Asked again, it can be another answer.
 */
int list_leads(const char *entry);

/* The same for the element AT (LEN bytes). */
int list_element_leads(const char *at, size_t len);

/* Whether ENTRY is one, and an element of it may lead into a backing, by its words alone. */
bool list_may_lead(const char *entry);

/*
 * Writes ENTRY, which is one, with real paths to TO, which has ROOM bytes. Returns the
 * length written, or -errno where an element cannot be looked at for a moment, or does not
 * fit.
 */
ptrdiff_t list_put(const char *entry, char *to, size_t room);

/* How many bytes that may take. */
size_t list_room(const char *entry);

/*
 * The same for the elements alone, which start at AT. TO NULL: only returns how many bytes
 * it may take.
 */
ptrdiff_t list_put_elements(const char *at, char *to, size_t room);

/* Replaces the real paths in ENTRY by those of the view, in place. */
void list_show(char *entry);

/*
 * Checks by ENVP whether ld.so may have loaded libraries that others have put into a
 * guarded directory: it reads the lists before the shim is there. Reports it, and
 * refuses the session where that was asked for.
 */
void list_heed(char *const *envp);

/*
 * The linker keeps the LD_LIBRARY_PATH that a program starts with, and searches its
 * relative elements from the working directory of the time. The first notes those of ENVP.
 * The second tells whether a search from here would lead into a shared directory; if so,
 * it is reported.
 */
void list_keep(char *const *envp);
bool list_strays(void);

/* Reports that ld.so would look in PATH. */
void list_tell_stray(const char *path);

/* The next element of a list, at *AT or later. False: there is none. */
bool list_next(const char **at, struct text *element);

#endif
