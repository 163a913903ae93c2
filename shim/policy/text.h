/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pieces of text that somebody else holds. Pure: no system call, no allocation. */
#ifndef PRIVTMP_TEXT_H
#define PRIVTMP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Where a string lies in a text; not terminated. */
struct text {
	const char *at;
	size_t len;
};

/* TEXT as a string in OUT, which has room for it and its end. */
static inline void text_copy(const struct text *text, char *out)
{
	memcpy(out, text->at, text->len);
	out[text->len] = '\0';
}

static inline bool text_is(const struct text *text, const char *string)
{
	return text->len == strlen(string) && !memcmp(text->at, string, text->len);
}

/*
 * How many bytes of TEXT come before its end or one of STOPS. strcspn(3), but that is
 * in pages of libc's that many a program has no other use for.
 */
static inline size_t text_until(const char *text, const char *stops)
{
	size_t n = 0;

	for (; text[n]; n++)
		for (const char *stop = stops; *stop; stop++)
			if (text[n] == *stop)
				return n;
	return n;
}

/* What comes in TEXT behind PREFIX; NULL where it does not begin so. */
static inline const char *text_after(const char *text, const char *prefix)
{
	for (; *prefix; text++, prefix++)
		if (*text != *prefix)
			return NULL;
	return text;
}

#endif
