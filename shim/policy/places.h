/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The directories in which roots are made, and where list, enter and sweep look for
 * them. places.c alone decides that.
 */
#ifndef PRIVTMP_PLACES_H
#define PRIVTMP_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/settings.h"

#define PLACE_OF_USERS "/run/user" /* each user has a directory in it */

/*
 * Writes the directory for the root that backs the guarded directory VIEW to OUT.
 * Guards with the same directory share a root. Returns its length; 0 where the settings
 * name none that is usable, or OUT (SIZE bytes) is too small.
 */
size_t place_of_root(const struct settings *settings, const struct text *view, char *out,
		     size_t size);

/*
 * Writes the Nth directory, from 0 on, for OWNER's lease where a mapping does not keep
 * its lock beside the root (on overlayfs). False: there are no more.
 */
bool place_of_lease(unsigned n, unsigned owner, char *out, size_t size);

/*
 * Calls LOOK for each directory that can hold a root of OWNER's, by SETTINGS, by TMPDIR
 * (may be NULL), and by the configuration of all programs. Some are repeated, and some
 * may not exist. Reads the configuration.
 */
void places_each(const struct settings *settings, const char *tmpdir, unsigned owner,
		 void (*look)(void *arg, const char *dir), void *arg);

#endif
