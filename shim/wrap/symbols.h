/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Symbols of the objects in this process, read from their own tables: without the
 * linker, its lock and its messages.
 */
#ifndef PRIVTMP_SYMBOLS_H
#define PRIVTMP_SYMBOLS_H

#include <stdbool.h>

struct link_map;

/* Before main: notes what is there. */
void symbols_start(void);

/* The shim's own place in the linker's list, or NULL where there is no telling. */
const struct link_map *symbols_own(void);

/*
 * The program's own shim, where this is another one in a namespace apart; else NULL.
 */
const struct link_map *symbols_host(void);
/* The first object in namespace N, the program's being 0; or NULL. */
const struct link_map *symbols_space(unsigned n);

/* Whether the library MAP has ADDRESS. */
bool symbols_hold(const struct link_map *map, const void *address);
/* The library in the shim's namespace that has ADDRESS, or NULL. */
const struct link_map *symbols_object_of(const void *address);

/*
 * What NAME is in the objects that come behind BEHIND, as RTLD_NEXT says; or NULL.
 * VERSION NULL: the one that new programs get, or else one kept for old ones.
 * Never the shim's own, whatever symbols_lead has done.
 */
void *symbols_next(const struct link_map *behind, const char *name, const char *version);

/* Whether the shim exports NAME. */
bool symbols_are_ours(const char *name);

/*
 * Has libc's own table say the shim's function wherever it has one of that name:
 * for look-ups that go to libc at once, past all that was preloaded. False when there
 * is no memory for that. Safe to call again, and by many threads.
 */
bool symbols_lead(void);
/* Whether it has been done. */
bool symbols_led(void);

#endif
