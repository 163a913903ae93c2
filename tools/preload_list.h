/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of libraries to preload: LD_PRELOAD's value, and /etc/ld.so.preload. */
#ifndef PRIVTMP_PRELOAD_LIST_H
#define PRIVTMP_PRELOAD_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define PRELOAD_FILE "/etc/ld.so.preload"
#define PRELOAD_SHIM "libprivtmp.so"
#define PRELOAD_AUDIT "libprivtmp-audit.so"

/* What ends a word in LD_PRELOAD. */
#define PRELOAD_ENDS " :"

/* Takes the next word off *LIST, a value of LD_PRELOAD; false at its end. */
bool preload_word(const char **list, const char **word, size_t *len);

/* Whether the LEN bytes at WORD name the shim, by whatever path. */
bool preload_is_shim(const char *word, size_t len);

/*
 * Writes the word of LIST by which it names the shim to OUT (SIZE bytes); false where
 * there is none. Of several the first.
 */
bool preload_find(const char *list, char *out, size_t size);

/*
 * Calls FN for each word of PRELOAD_FILE, in its order, with the line it stands in. 0, or
 * an errno: ENOENT where there is no such file.
 */
int preload_each(void (*fn)(void *arg, const char *word, unsigned line), void *arg);

/* The word by which PRELOAD_FILE names the shim, as preload_find. */
bool preload_find_in_file(char *out, size_t size);

#endif
