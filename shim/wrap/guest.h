/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Namespaces of the linker's: dlmopen's new one has a libc of its own, with its own
 * errno, streams and memory, to which this one's wrappers must not lead. So the shim
 * is loaded there first, once more: a guest of the one that is here.
 */
#ifndef PRIVTMP_GUEST_H
#define PRIVTMP_GUEST_H

#include <stdbool.h>

/* Whether this is such a one. */
bool guest_is(void);

/* As session_enter(environ), for a guest: the session is that of the program's shim. */
void guest_enter(void);

/* Whether a new namespace is to have a guest. */
bool guest_needed(void);

/*
 * One in a namespace that is new, or as good as new; guest_space names that. NULL
 * when there could be none: the linker's message says why.
 */
void *guest_open(void);
long guest_space(void *guest);

/* What was loaded there (NULL: nothing). Without this call the namespace stays taken. */
void guest_loaded(void *guest, const void *object);

#endif
