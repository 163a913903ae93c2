/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The word that names the shim in LD_PRELOAD. */
#ifndef PRIVTMP_PRELOAD_WORD_H
#define PRIVTMP_PRELOAD_WORD_H

#include <stddef.h>

#define PRELOAD "LD_PRELOAD"

/* The word that names the shim in VALUE, of LD_PRELOAD, and its length; or NULL. */
const char *preload_find(const char *value, size_t *len);

/*
 * The word by which this process was given the shim; NULL: by /etc/ld.so.preload. Call
 * before the program may write to the strings that it was executed with.
 */
const char *preload_given(size_t *len);

/*
 * Writes to TO (SIZE bytes) the path of the shim where WORD (LEN bytes) names it only from
 * the present working directory, or by the present LD_LIBRARY_PATH. Returns its length, or
 * 0.
 */
size_t preload_lasting(const char *word, size_t len, char *to, size_t size);

#endif
