/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of a text, without copies. No system call, no allocation. */
#ifndef PRIVTMP_TEXT_H
#define PRIVTMP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A part of a text; not terminated. */
struct text {
	const char *at;
	size_t len;
};

/* Copies TEXT to OUT as a string. OUT must have room for TEXT and its end. */
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
 * The length of TEXT up to its end or one of STOPS. strcspn(3) would be in a page of
 * libc's that many programs do not touch otherwise.
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

/* What follows PREFIX in TEXT; NULL where TEXT does not begin with it. */
static inline const char *text_after(const char *text, const char *prefix)
{
	for (; *prefix; text++, prefix++)
		if (*text != *prefix)
			return NULL;
	return text;
}

/* LEN without END, where the LEN bytes at TEXT end with that. */
static inline size_t text_without(const char *text, size_t len, const char *end)
{
	const size_t n = strlen(end);

	return len > n && !memcmp(text + len - n, end, n) ? len - n : len;
}

/* The last component of PATH, which may be all of it. */
static inline const char *text_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* How many of PATH's LEN bytes lead to the directory of its last component, with a slash. */
static inline size_t text_above(const char *path, size_t len)
{
	while (len && path[len - 1] == '/')
		len--;
	while (len && path[len - 1] != '/')
		len--;
	return len;
}

/*
 * The last C in the LEN bytes at TEXT, or NULL; and the first of the N bytes at PART there, or
 * NULL. As memrchr(3) and memmem(3), which a program may have its own of (core/libc.h), and a
 * sanitizer's run-time that calls us first has none of. N is not 0.
 */
static inline char *text_last(const char *text, char c, size_t len)
{
	while (len && text[len - 1] != c)
		len--;
	return len ? (char *)(uintptr_t)(text + len - 1) : NULL;
}

static inline char *text_find(const char *text, size_t len, const char *part, size_t n)
{
	for (; len >= n; text++, len--)
		if (*text == *part && !memcmp(text, part, n))
			return (char *)(uintptr_t)text;
	return NULL;
}

/* The length of TEXT, which has no more than MOST bytes. As strnlen(3). */
static inline size_t text_length(const char *text, size_t most)
{
	const char *end = memchr(text, '\0', most);

	return end ? (size_t)(end - text) : most;
}

/* Copies TEXT with its end, or N bytes, to OUT. What follows there. As stpcpy(3), mempcpy(3). */
static inline char *text_put(char *out, const char *text)
{
	const size_t len = strlen(text);

	memcpy(out, text, len + 1);
	return out + len;
}

static inline char *text_put_bytes(char *out, const char *text, size_t n)
{
	memcpy(out, text, n);
	return out + n;
}

#endif
