/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the shim came into this process; see preload_word.h. */
#define _GNU_SOURCE
#include "wrap/preload_word.h"
#include "core/libc.h"
#include "core/initial_stack.h"
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
	const char *slash = text_last(at, '/', len);
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
 * Whether the word AT (LEN bytes) may have brought the shim from OWN, which is where the
 * linker found it.
 */
static bool may_be_own(const char *at, size_t len, const char *own)
{
	const char *dollar = memchr(at, '$', len), *slash = strrchr(own, '/');

	if (dollar)
		return !strncmp(at, own, (size_t)(dollar - at));
	if (!memchr(at, '/', len) && slash)
		own = slash + 1;
	return strlen(own) == len && !memcmp(at, own, len);
}

/*
 * The first string after the arguments, of those that begin at LOW: there is the
 * environment.
 */
static const char *after_arguments(const char *low, const char *end)
{
	const long *stack = initial_stack();
	const char *last = stack && *stack > 0 ? ((char **)stack)[*stack] : NULL;

	return last && last > low && last < end ? last + strlen(last) + 1 : low;
}

/*
 * The file of the shim where the strings that the kernel copied for this program have an
 * LD_PRELOAD that names it: its arguments, its environment and its name, one after the
 * other. Constructors that ran before ours, as those of preloaded libraries that do not
 * want to be inherited, have removed the variable from environ. What is found here is not
 * believed, since arguments can be another user's: it is no more than a reason to name
 * the file that is loaded.
 */
static const char *given_by_kernel(size_t *len)
{
	const struct link_map *own = symbols_own();
	const char *low = (const char *)getauxval(AT_RANDOM);
	const char *at = (const char *)getauxval(AT_EXECFN), *word;

	/* Elsewhere than in the kernel they may lie otherwise. */
	if (!own || !low || at <= low || at[-1])
		return NULL;
	low = after_arguments(low, at);
	while (at - 1 > low) {
		const char *end = text_last(low, '\0', (size_t)(at - 1 - low));
		const char *string = end ? end + 1 : low;

		word = strncmp(string, PRELOAD "=", sizeof PRELOAD) ?
			       NULL :
			       preload_find(string + sizeof PRELOAD, len);
		if (word && may_be_own(word, *len, own->l_name)) {
			*len = text_until(own->l_name, separators);
			return own->l_name[*len] ? NULL : own->l_name;
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
	const char *value = environment_value(libc_environ, PRELOAD);
	const char *word = value ? preload_find(value, len) : NULL;

	if (!word)
		word = given_by_kernel(len);
	return word ? word : given_to_loader(len);
}

/* Whether the first DIR bytes of PATH are a directory that the linker always searches. */
static bool is_systems(const char *path, size_t dir)
{
	const char *usr = text_after(path, "/usr"),
		   *at = text_after(usr ? usr : path, "/lib");

	if (!at)
		return false;
	at += strspn(at, "x3264");
	if (at < path + dir && text_after(at, "/")) { /* one for each kind of machine */
		const size_t n = text_until(at + 1, "/");

		if (!text_find(at + 1, n, "-linux-", sizeof "-linux-" - 1))
			return false;
		at += 1 + n;
	}
	return at == path + dir;
}

/*
 * Whether PATH is a file in an element of LD_LIBRARY_PATH. The system's own directories
 * are searched without it, for each word size.
 */
static bool found_by_variable(const char *path)
{
	const char *list = environment_value(libc_environ, "LD_LIBRARY_PATH");
	const char *slash = strrchr(path, '/');
	const size_t dir = slash ? (size_t)(slash - path) : 0;

	if (!list || (path[0] == '/' && is_systems(path, dir)))
		return false;
	/* An empty element is the working directory. */
	for (;;) {
		const size_t whole = text_until(list, ":;");
		size_t len = whole;

		while (len > 1 && list[len - 1] == '/')
			len--;
		if ((!len && path[0] != '/') || (len == dir && !memcmp(list, path, len)))
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
		to[at++] = '/';
	}
	if (at + len >= size)
		return 0;
	memcpy(to + at, word, len);
	to[at + len] = '\0';
	/* No word of a list can hold these. */
	return to[text_until(to, separators)] ? 0 : at + len;
}
