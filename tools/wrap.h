/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What privtmp wrap puts in the place of programs. */
#ifndef PRIVTMP_TOOLS_WRAP_H
#define PRIVTMP_TOOLS_WRAP_H

#include <stdbool.h>
#include <stdio.h>

/* What the name of a program that was wrapped ends in. */
#define WRAP_REAL ".privtmp-real"

/* Whether the file at PATH is such a script. */
bool wrap_is_script(const char *path);

/* Writes TEXT as one word for a shell. */
void wrap_quoted(FILE *out, const char *text);

#endif
