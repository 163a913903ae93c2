/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Showing what others have named. A name is bytes, and may hold what moves a terminal's
 * cursor, begins another line or turns the reading direction round.
 */
#ifndef PRIVTMP_SHOW_H
#define PRIVTMP_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * The length of the UTF-8 sequence at AT (LEFT bytes, at least one), and the character in
 * *CODE; 0 if it is none.
 */
size_t show_sequence(const unsigned char *at, size_t left, unsigned *code);

/* Whether the character CODE is one that is not shown as it is. */
bool show_is_hidden(unsigned code);

/*
 * Writes TEXT to OUT (SIZE bytes, cut where it does not fit), and returns OUT: a control
 * or formatting character becomes \uXXXX, and a byte that is no UTF-8 \xXX, as does all
 * that is not ASCII where the locale is not for UTF-8.
 */
char *show_text(const char *text, char *out, size_t size);

/* The same, to the stream OUT. */
void show_put(FILE *out, const char *text);

/* How a text differs from what show_put expects. */
enum {
	SHOW_QUOTED = 1, /* a backslash in it escapes already, and stays alone */
	SHOW_UTF8 = 2,	 /* it is for UTF-8, whatever the locale */
};

/* As show_put; HOW is a sum of these. */
void show_as(FILE *out, const char *text, unsigned how);

/* report(), for a PATH that others have named. */
void show_report(const char *path, const char *what, int error, const char *remedy);

#endif
