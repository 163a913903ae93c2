/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading short texts in files that others may have made. */
#ifndef PRIVTMP_TOOLS_PLAIN_H
#define PRIVTMP_TOOLS_PLAIN_H

#include <stdio.h>

/*
 * Opens the file at PATH to be read, without waiting for anybody: a plain one of no more than
 * PLAIN_MOST bytes, or /dev/null, to which what is switched off leads. NULL with errno set
 * otherwise.
 */
FILE *plain_open(const char *path);

/* The same of any size, for who reads no more than its beginning. */
FILE *plain_open_large(const char *path);

enum { PLAIN_MOST = 1 << 20 };

#endif
