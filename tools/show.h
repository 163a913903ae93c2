/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Showing names given by others. A name is bytes, and can move a terminal's cursor,
 * begin a new line or reverse the reading direction.
 */
#ifndef PRIVTMP_SHOW_H
#define PRIVTMP_SHOW_H

#include <stddef.h>
#include <stdio.h>

/*
 * Writes TEXT to OUT (SIZE bytes, cut where it does not fit); returns OUT. Control and
 * formatting characters become \uXXXX, bytes that are not UTF-8 become \xXX, as does
 * all but ASCII in a locale without UTF-8.
 */
char *show_text(const char *text, char *out, size_t size);

/* The same, to the stream OUT. */
void show_put(FILE *out, const char *text);

/* How a text differs from one for show_put. */
enum {
	SHOW_QUOTED = 1, /* its backslashes are escapes already */
	SHOW_UTF8 = 2,	 /* it is UTF-8 in any locale */
};

/* As show_put; HOW is a sum of these. */
void show_as(FILE *out, const char *text, unsigned how);

/* report(), for a PATH that others have named. */
void show_report(const char *path, const char *what, int error, const char *remedy);

#endif
