/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How values are written into a systemd unit. */
#ifndef PRIVTMP_UNIT_TEXT_H
#define PRIVTMP_UNIT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Writes VALUE within a word that is quoted. SPECIFIERS: its "%" begin some, and so stay;
 * else they mean themselves.
 */
void unit_put_quoted(FILE *out, const char *value, bool specifiers);

/* Writes the line that sets NAME to VALUE, in which "%" means itself. */
void unit_put_variable(FILE *out, const char *name, const char *value);

/* Writes PATH as the word by which a command line begins, quoted where it must be. */
void unit_put_program(FILE *out, const char *path);

/*
 * Reads the word at the start of TEXT, as these wrote it, into OUT (SIZE bytes), where what
 * does not fit is cut off.
 */
void unit_read_word(const char *text, char *out, size_t size);

#endif
