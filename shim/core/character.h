/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Characters of names given by others, and which of them must not reach a terminal. */
#ifndef PRIVTMP_CHARACTER_H
#define PRIVTMP_CHARACTER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length of the UTF-8 sequence at AT (LEFT bytes, at least one), and the character in
 * *CODE; 0 if it is none.
 */
size_t character_take(const unsigned char *at, size_t left, unsigned *code);

/*
 * Whether the character CODE is not shown as it is: a control, one that has no width, or
 * one that changes the direction of others.
 */
bool character_is_hidden(unsigned code);

enum { CHARACTER_ESCAPE = sizeof "\\u10ffff" };

/*
 * Writes to OUT how a character that is not shown as it is appears: \xNN for the byte CODE,
 * \uNNNN for one of more bytes. Returns the length.
 */
size_t character_escape(unsigned code, bool is_byte, char out[CHARACTER_ESCAPE]);

#endif
