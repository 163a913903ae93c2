/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where sessions' roots are made, and so where those look who list, enter or remove
 * them. Decided in places.c, and nowhere else.
 */
#ifndef PRIVTMP_PLACES_H
#define PRIVTMP_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/settings.h"

#define PLACE_OF_USERS "/run/user" /* where each has a directory */

/*
 * Writes the directory in which the root is made that backs the guarded directory
 * VIEW. Guards that have the same one share a root. Returns its length; 0 where the
 * settings name none that can be used, or OUT (SIZE bytes) is too small.
 */
size_t place_of_root(const struct settings *settings, const struct text *view, char *out,
		     size_t size);

/*
 * Writes number N, from 0 on, of the directories where a lease lies that OWNER's
 * mapping does not hold where its root is (on overlayfs). False: there is no more.
 */
bool place_of_lease(unsigned n, unsigned owner, char *out, size_t size);

/*
 * Calls LOOK for each directory that may hold a root of OWNER's: by SETTINGS, by TMPDIR
 * (NULL: none), and by the configuration, of whatever program. Some come twice, and
 * what is no directory comes, too. Reads the configuration.
 */
void places_each(const struct settings *settings, const char *tmpdir, unsigned owner,
		 void (*look)(void *arg, const char *dir), void *arg);

#endif
