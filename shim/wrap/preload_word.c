/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the shim came into this process; see preload_word.h. */
#define _GNU_SOURCE
#include "wrap/preload_word.h"
#include "core/sys.h"
#include "policy/settings.h"
#include "policy/text.h"
#include "wrap/symbols.h"

#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#ifdef PRIVTMP_AUDIT
#define SHIM_NAME "libprivtmp-audit.so"
#else
#define SHIM_NAME "libprivtmp.so"
#endif

static const char separators[] = " :";

/* Whether the word at AT (LEN bytes) names the shim. */
static bool names_shim(const char *at, size_t len)
{
	static const char name[] = SHIM_NAME;
	const char *slash = memrchr(at, '/', len);
	size_t dir = slash ? (size_t)(slash - at) + 1 : 0;

	return len - dir == sizeof name - 1 && !memcmp(at + dir, name, sizeof name - 1);
}

const char *preload_find(const char *value, size_t *len)
{
	for (; *value; value += *len ? *len : 1) {
		*len = text_until(value, separators);
		if (*len && names_shim(value, *len))
			return value;
	}
	return NULL;
}

/*
 * The same in the strings that the kernel copied for this program: its arguments, its
 * environment and its name, one after the other. Constructors that ran before ours, as
 * those of preloaded libraries that do not want to be inherited, have removed the
 * variable from environ.
 */
static const char *given_by_kernel(size_t *len)
{
	const char *low = (const char *)getauxval(AT_RANDOM);
	const char *at = (const char *)getauxval(AT_EXECFN), *word;

	/* Elsewhere than in the kernel they may lie otherwise. */
	if (!low || at <= low || at[-1])
		return NULL;
	while (at - 1 > low) {
		const char *end = memrchr(low, '\0', (size_t)(at - 1 - low));
		const char *string = end ? end + 1 : low;

		if (!strncmp(string, PRELOAD "=", sizeof PRELOAD)) {
			word = preload_find(string + sizeof PRELOAD, len);
			if (word)
				return word;
		}
		at = string;
	}
	return NULL;
}

/* The shim's file where "ld.so --preload" named it, and no variable; or NULL. */
static const char *given_to_loader(size_t *len)
{
	const struct link_map *own = symbols_own();

	/* A program that the kernel started has a separate loader. */
	if (getauxval(AT_BASE) || !own || own->l_name[0] != '/')
		return NULL;
	*len = text_until(own->l_name, separators);
	return own->l_name[*len] || !names_shim(own->l_name, *len) ? NULL : own->l_name;
}

const char *preload_given(size_t *len)
{
	const char *value = environment_value(environ, PRELOAD);
	const char *word = value ? preload_find(value, len) : NULL;

	if (!word)
		word = given_by_kernel(len);
	return word ? word : given_to_loader(len);
}

/*
 * Whether PATH is a file in an element of LD_LIBRARY_PATH. The system's own directories
 * are searched without it, for each word size.
 */
static bool found_by_variable(const char *path)
{
	const char *list = environment_value(environ, "LD_LIBRARY_PATH");
	const char *slash = strrchr(path, '/');
	const size_t dir = slash ? (size_t)(slash - path) : 0;

	if (!list || !dir || text_after(path, "/lib") || text_after(path, "/usr/lib"))
		return false;
	for (;;) {
		const size_t whole = text_until(list, ":;");
		size_t len = whole;

		while (len > 1 && list[len - 1] == '/')
			len--;
		if (len == dir && !memcmp(list, path, len))
			return true;
		if (!list[whole])
			return false;
		list += whole + 1;
	}
}

size_t preload_lasting(const char *word, size_t len, char *to, size_t size)
{
	const struct link_map *own = symbols_own();
	size_t at = 0;

	if (word[0] == '/' || memchr(word, '$', len))
		return 0;
	if (!memchr(word, '/', len)) {
		if (!own || !found_by_variable(own->l_name))
			return 0;
		word = own->l_name;
		len = strlen(word);
	}
	if (word[0] != '/') {
		const long n = SYS2(SYS_getcwd, to, size);

		/* With its end; a directory that cannot be reached has no "/" first. */
		if (n <= 1 || to[0] != '/')
			return 0;
		at = (size_t)n - 1;
		if (at >= size)
			return 0;
		to[at++] = '/';
	}
	if (at + len >= size)
		return 0;
	memcpy(to + at, word, len);
	to[at + len] = '\0';
	/* No word of a list can hold these. */
	return to[text_until(to, separators)] ? 0 : at + len;
}
