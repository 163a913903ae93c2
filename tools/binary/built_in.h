/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds paths in directories that all users share, in any bytes. */
#ifndef PRIVTMP_BINARY_BUILT_IN_H
#define PRIVTMP_BINARY_BUILT_IN_H

#include <stdbool.h>
#include <stddef.h>

struct built_in_found {
	const char *path;
	size_t length;
	size_t directory; /* bytes of "/tmp/" */
};

/*
 * The next path from AT on, in TEXT that ends at END: one that begins where a word does
 * and names something in /tmp, /var/tmp, /usr/tmp or /dev/shm. Returns what is behind it,
 * or NULL when there is none.
 */
const char *built_in_next(const char *text, const char *at, const char *end,
			  struct built_in_found *out);

/*
 * Whether it is a template for mkstemp(3), or the name of something that is shared on
 * purpose, as the X server's sockets.
 */
bool built_in_is_harmless(const struct built_in_found *found);

#endif
