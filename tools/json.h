/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is needed to write JSON. */
#ifndef PRIVTMP_JSON_H
#define PRIVTMP_JSON_H

#include <stdio.h>

/*
 * Writes TEXT as a JSON string, quotes included. File names are bytes: what is
 * not UTF-8 becomes U+FFFD, one for each byte. Controls and characters that only format
 * are written as \uXXXX.
 */
void json_string(FILE *out, const char *text);

/* The same for the LEN bytes of TEXT. */
void json_bytes(FILE *out, const char *text, size_t len);

/* Writes ", "NAME": VALUE", where NULL and an empty VALUE are null. */
void json_member(FILE *out, const char *name, const char *value);

#endif
