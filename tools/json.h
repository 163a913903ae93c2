/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing JSON. */
#ifndef PRIVTMP_JSON_H
#define PRIVTMP_JSON_H

#include <stdio.h>

/*
 * Writes TEXT as a JSON string with quotes. File names are bytes: each byte that is not
 * UTF-8 becomes U+FFFD. Control and formatting characters are written as \uXXXX.
 */
void json_string(FILE *out, const char *text);

/* The same for the LEN bytes of TEXT. */
void json_bytes(FILE *out, const char *text, size_t len);

/* Writes ", "NAME": VALUE". NULL and an empty VALUE become null. */
void json_member(FILE *out, const char *name, const char *value);

#endif
