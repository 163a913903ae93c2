/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Symbols of the objects in this process, read from their tables: without the linker,
 * its lock and its messages.
 */
#ifndef PRIVTMP_SYMBOLS_H
#define PRIVTMP_SYMBOLS_H

#include "core/layout.h"

#include <stdbool.h>

struct link_map;

/* Before main: notes the objects. */
void symbols_start(void);

/* The shim's entry in the linker's list, or NULL where it is unknown. */
const struct link_map *symbols_own(void);

/* The program's shim, where this one is a guest in another namespace; else NULL. */
const struct link_map *symbols_host(void);
/* The first object in namespace N (0: the program's), or NULL. */
const struct link_map *symbols_space(unsigned n);

/* Whether ADDRESS lies in the library MAP. */
bool symbols_hold(const struct link_map *map, const void *address);
/* The library in the shim's namespace in which ADDRESS lies, or NULL. */
const struct link_map *symbols_object_of(const void *address);

/*
 * NAME in the objects behind BEHIND, as RTLD_NEXT; or NULL. VERSION NULL: the default
 * version, else one for old programs. Never the shim's own, even after symbols_lead.
 */
void *symbols_next(const struct link_map *behind, const char *name, const char *version);

/*
 * libc's own NAME, which is kept at SLOT: whatever else of that name the program or a library
 * before libc has.
 */
void *symbols_libc(void **slot, const char *name);
/* The function NAME of libc's, which the shim has no wrapper of: see core/libc.h. */
#define LIBC(name) \
	({ \
		static void *slot_of_##name EACH_START; \
		(__typeof__(name) *)symbols_libc(&slot_of_##name, #name); \
	})

/* Whether the shim exports NAME. */
bool symbols_are_ours(const char *name);

/*
 * Makes libc's own symbol table lead to the shim for each function that the shim has:
 * for look-ups that go to libc directly. False where memory is lacking. Can be
 * repeated, and called by several threads.
 */
bool symbols_lead(void);
/* Whether that was done. */
bool symbols_led(void);

#endif
