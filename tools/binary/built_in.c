/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths in shared directories; see built_in.h. */
#include "built_in.h"
#include "policy/compose.h"
#include "policy/policy.h"

#include <string.h>

static const char *const directories[] = { "/var/tmp/", "/usr/tmp/", "/tmp/",
					   "/dev/shm/" };

enum { DIRECTORIES = sizeof directories / sizeof *directories };

/* Characters that end a path where it stands in a text or a command line. */
static bool ends(char c)
{
	const unsigned char u = (unsigned char)c;

	return u <= ' ' || u >= 0x7f || strchr("\"'`<>|;&()[],\\*?", c);
}

/* Whether a path may begin behind the character C: none of another path's or word's. */
static bool may_begin(char c)
{
	return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		 (c >= '0' && c <= '9') || (c && strchr("_./}])%$*~@", c)));
}

/* The directory of the table that is at AT, or NULL. */
static const char *directory_at(const char *at, const char *end)
{
	for (int i = 0; i < DIRECTORIES; i++) {
		size_t len = strlen(directories[i]);

		if ((size_t)(end - at) >= len && !memcmp(at, directories[i], len))
			return directories[i];
	}
	return NULL;
}

static void measure(const char *at, const char *end, const char *directory,
		    struct built_in_found *out)
{
	const char *to = at + strlen(directory);

	while (to < end && !ends(*to))
		to++;
	/* What ends a sentence, or names a variable's end. */
	while (to > at && strchr(".:!", to[-1]))
		to--;
	*out = (struct built_in_found){ at, (size_t)(to - at), strlen(directory) };
}

const char *built_in_next(const char *text, const char *at, const char *end,
			  struct built_in_found *out)
{
	for (; (at = memchr(at, '/', (size_t)(end - at))); at++) {
		const char *directory = directory_at(at, end);

		if (!directory || (at > text && !may_begin(at[-1])))
			continue;
		measure(at, end, directory, out);
		if (out->length > out->directory)
			return at + out->length;
	}
	return NULL;
}

static bool is_template(const struct built_in_found *found)
{
	return memmem(found->path, found->length, "XXXXXX", 6) != NULL;
}

/* Whether the default shares LIST has a pattern for it or for a directory of it. */
static bool is_shared(const struct built_in_found *found, const char *list)
{
	while (*list) {
		size_t len = strcspn(list, ":");
		const struct text pattern = { list, len };
		size_t to = found->directory;

		do {
			const char *slash =
				memchr(found->path + to, '/', found->length - to);

			to = slash ? (size_t)(slash - found->path) : found->length;
			if (policy_glob(&pattern, found->path, to))
				return true;
		} while (to++ < found->length);
		list += len + (list[len] == ':');
	}
	return false;
}

bool built_in_is_harmless(const struct built_in_found *found)
{
	return is_template(found) || is_shared(found, policy_default_share);
}
