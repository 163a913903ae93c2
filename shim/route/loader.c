/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of a dynamic linker; see loader.h. */
#define _GNU_SOURCE
#include "route/loader.h"
#include "policy/scan.h"
#include "route/lists.h"

#include <errno.h>
#include <string.h>

/* "ld-linux-x86-64.so.2", "ld-musl-aarch64.so.1", "ld64.so.2", "ld.so", "ld-2.31.so". */
bool loader_is(const char *path)
{
	const char *name;

	/* It may be no string that can be read. */
	if (view_length(path) <= 0)
		return false;
	name = text_base(path);
	if (name[0] != 'l' || name[1] != 'd')
		return false;
	name += strspn(name + 2, "0123456789") + 2;
	return (name[0] == '-' || name[0] == '.') && strstr(name, ".so");
}

/* What an argument before the program is. */
enum option {
	OPTION_NONE, /* the program */
	OPTION_ALONE,
	OPTION_VALUE,  /* another value follows */
	OPTION_PATHS,  /* a list of paths follows */
	OPTION_WITHIN, /* it has one itself, behind "=": musl's way */
};

static enum option option_of(const char *word)
{
	static const char paths[][16] = { "--library-path", "--preload", "--audit" };
	static const char values[][24] = { "--inhibit-rpath", "--argv0",
					   "--glibc-hwcaps-prepend",
					   "--glibc-hwcaps-mask" };

	if (word[0] != '-' || word[1] != '-')
		return OPTION_NONE;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const char *rest = text_after(word, paths[i]);

		if (rest && (!*rest || *rest == '='))
			return *rest ? OPTION_WITHIN : OPTION_PATHS;
	}
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (!strcmp(word, values[i]))
			return OPTION_VALUE;
	return OPTION_ALONE;
}

/* What the argument *AT is, which becomes that of its value, where that is another one. */
static enum option take_option(char *const *argv, size_t *at)
{
	const enum option option = option_of(argv[*at]);

	if (option != OPTION_VALUE && option != OPTION_PATHS)
		return option;
	/* The value is missing: the linker will say so, by the word as it is. */
	if (!argv[*at + 1])
		return OPTION_ALONE;
	++*at;
	return option;
}

/*
 * Adds the word SHIM to the list that ends before TO, where there is ROOM. The bytes that it
 * takes, or -ENOMEM.
 */
static ptrdiff_t put_shim(const struct text *shim, char *to, size_t room)
{
	if (!shim->len)
		return 0;
	if (to) {
		if (shim->len >= room)
			return -ENOMEM;
		to[-1] = ':';
		memcpy(to, shim->at, shim->len);
		to[shim->len] = '\0';
	}
	return (ptrdiff_t)shim->len + 1;
}

ptrdiff_t loader_put_lists(char *const *argv, const struct text *shim, char *text,
			   size_t room, char **vector, size_t *program)
{
	enum option option;
	size_t size = 0, at = 1;
	const char *list, *word;
	ptrdiff_t n;

	for (; argv[at]; at++) {
		word = argv[at];
		option = take_option(argv, &at);
		if (option == OPTION_NONE)
			break;
		if (option != OPTION_PATHS && option != OPTION_WITHIN)
			continue;
		if (text)
			vector[at] = text + size;
		list = argv[at];
		if (option == OPTION_WITHIN) {
			const size_t head = strcspn(list, "=") + 1;

			/* The lists before it can have become longer than they were counted. */
			if (text && head > room - size)
				return -ENOMEM;
			if (text)
				memcpy(text + size, list, head);
			size += head;
			list += head;
		}
		n = list_put_elements(list, text ? text + size : NULL, room - size);
		if (n < 0)
			return n;
		size += (size_t)n;
		if (!text_after(word, "--preload"))
			continue;
		n = put_shim(shim, text ? text + size : NULL, room - size);
		if (n < 0)
			return n;
		size += (size_t)n;
	}
	*program = at;
	return (ptrdiff_t)size;
}

size_t loader_started(char *const *argv)
{
	for (size_t at = 1; argv && argv[0] && argv[at]; at++) {
		const char *word = argv[at];

		if (take_option(argv, &at) == OPTION_NONE)
			return at;
		if (!strcmp(word, "--list") || !strcmp(word, "--verify"))
			break;
	}
	return 0;
}
