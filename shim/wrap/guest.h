/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Namespaces of the linker. A new one from dlmopen has its own libc, with its own
 * errno, streams and memory, which these wrappers must not use. So the shim is loaded
 * there first, as a guest.
 */
#ifndef PRIVTMP_GUEST_H
#define PRIVTMP_GUEST_H

#include <stdbool.h>

/* Whether this shim is a guest. */
bool guest_is(void);

/* session_enter for a guest: joins the session of the program's shim. */
void guest_enter(void);

/* Whether a new namespace needs a guest. */
bool guest_needed(void);

/*
 * Opens a guest in a new namespace, or in one that is unused again; guest_space returns
 * its number. NULL on failure: dlerror(3) says why.
 */
void *guest_open(void);
long guest_space(void *guest);

/*
 * Call with what was loaded there (NULL: nothing). Without this call the namespace
 * stays in use.
 */
void guest_loaded(void *guest, const void *object);

#endif
