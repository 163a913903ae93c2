/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of texts. */
#ifndef PRIVTMP_BINARY_TEXTS_H
#define PRIVTMP_BINARY_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

struct texts {
	char **text;
	size_t n;
};

/*
 * Appends a text made as by printf, and returns it; NULL: no memory, which whoever says
 * something about a file can bear.
 */
__attribute__((format(printf, 2, 3))) const char *texts_add(struct texts *texts,
							    const char *format, ...);

/* Whether TEXT is in the list. */
bool texts_have(const struct texts *texts, const char *text);

/* Frees the texts and their list, not TEXTS itself. */
void texts_free(struct texts *texts);

#endif
