/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roots' names; see root_name.h. */
#define _GNU_SOURCE
#include "session/root_name.h"
#include "core/hole.h"
#include "core/sys.h"

#include <errno.h>
#include <string.h>

enum {
	ID_WORDS = 4,	  /* 128 bits */
	SECRET_WORDS = 2, /* 64 bits */
	BEGIN = sizeof ROOT_BEGIN - 1,
};

static bool is_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool are_digits(const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_digit(at[i]))
			return false;
	return true;
}

bool root_name_is(const char *name)
{
	return strlen(name) == BEGIN + ROOT_ID && !memcmp(name, ROOT_BEGIN, BEGIN) &&
	       are_digits(name + BEGIN, ROOT_ID);
}

/* Whether the directory that ends at LEN is absolute and plain: no "//", no dots. */
static bool is_plain_directory(const char *path, size_t len)
{
	size_t start;

	for (size_t i = 0; i < len; i++) {
		if (path[i] != '/')
			return false;
		start = i + 1;
		while (i + 1 < len && path[i + 1] != '/')
			i++;
		size_t n = i + 1 - start;

		if (n == 0 || (path[start] == '.' &&
			       (n == 1 || (n == 2 && path[start + 1] == '.'))))
			return false;
	}
	return true;
}

bool root_path_is(const char *path, size_t len)
{
	const size_t name = 1 + BEGIN + ROOT_ID;
	const char *at = path + len - name;

	return len >= name && at[0] == '/' && !memcmp(at + 1, ROOT_BEGIN, BEGIN) &&
	       are_digits(at + 1 + BEGIN, ROOT_ID) &&
	       is_plain_directory(path, len - name);
}

bool root_prefix_is(const char *path, size_t len)
{
	const size_t secret = 1 + ROOT_SECRET;

	return len > secret && path[len - secret] == '/' &&
	       are_digits(path + len - ROOT_SECRET, ROOT_SECRET) &&
	       root_path_is(path, len - secret);
}

/* Writes N base62 digits of the number in the WORDS words, which is destroyed. */
static void put_digits(uint32_t *word, int words, char *out, int n)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";

	for (int i = 0; i < n; i++) {
		uint64_t rest = 0;

		for (int w = 0; w < words; w++) {
			rest = rest << 32 | word[w];
			word[w] = (uint32_t)(rest / 62);
			rest %= 62;
		}
		out[i] = digits[rest];
	}
}

/* Writes DIR and the name without its digits. Returns where the id goes; NULL: no room. */
static char *without_digits(const char *dir, size_t len, char *out, size_t size)
{
	static const char begin[] = "/" ROOT_BEGIN;
	char *id = out + len + sizeof begin - 1;

	if (len + sizeof begin + ROOT_ID + 1 + ROOT_SECRET > size)
		return NULL;
	memcpy(out, dir, len);
	memcpy(out + len, begin, sizeof begin - 1);
	id[ROOT_ID] = '/';
	id[ROOT_ID + 1 + ROOT_SECRET] = '\0';
	return id;
}

int root_prefix_new(const char *dir, size_t len, char *out, size_t size)
{
	char *id = without_digits(dir, len, out, size);
	uint32_t word[ID_WORDS + SECRET_WORDS];
	ssize_t n;

	if (!id)
		return -ENAMETOOLONG;
	do
		n = sys_getrandom(word, sizeof word);
	while (n == -EINTR);
	if (n != sizeof word)
		return n < 0 ? (int)n : -EIO;
	if (HOLE(name))
		memset(word, 0, ID_WORDS * sizeof *word);
	if (HOLE(secret))
		memset(word + ID_WORDS, 0, SECRET_WORDS * sizeof *word);
	put_digits(word, ID_WORDS, id, ROOT_ID);
	put_digits(word + ID_WORDS, SECRET_WORDS, id + ROOT_ID + 1, ROOT_SECRET);
	return 0;
}

int root_prefix_meeting(const char *dir, size_t len, char *out, size_t size)
{
	char *id = without_digits(dir, len, out, size);

	if (!id)
		return -ENAMETOOLONG;
	memset(id, '0', ROOT_ID);
	memset(id + ROOT_ID + 1, '0', ROOT_SECRET);
	return 0;
}
