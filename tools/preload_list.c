/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of libraries to preload; see preload_list.h. */
#include "preload_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool take_word(const char **list, const char *ends, const char **word, size_t *len)
{
	*word = *list + strspn(*list, ends);
	*len = strcspn(*word, ends);
	*list = *word + *len;
	return *len > 0;
}

bool preload_word(const char **list, const char **word, size_t *len)
{
	return take_word(list, PRELOAD_ENDS, word, len);
}

bool preload_is_shim(const char *word, size_t len)
{
	const char *slash = memrchr(word, '/', len);
	const size_t dir = slash ? (size_t)(slash - word) + 1 : 0;

	return len - dir == sizeof PRELOAD_SHIM - 1 &&
	       !memcmp(word + dir, PRELOAD_SHIM, len - dir);
}

bool preload_find(const char *list, char *out, size_t size)
{
	const char *word;
	size_t len;

	while (preload_word(&list, &word, &len)) {
		if (!preload_is_shim(word, len))
			continue;
		snprintf(out, size, "%.*s", (int)len, word);
		return true;
	}
	return false;
}

int preload_each(void (*fn)(void *arg, const char *word, unsigned line), void *arg)
{
	FILE *file = fopen(PRELOAD_FILE, "re");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return errno;
	for (unsigned n = 1; getline(&line, &size, file) > 0; n++) {
		const char *list = line, *word;
		size_t len;

		line[strcspn(line, "#")] = '\0';
		while (take_word(&list, PRELOAD_ENDS "\t\n", &word, &len)) {
			char *copy = strndup(word, len);

			if (copy)
				fn(arg, copy, n);
			free(copy);
		}
	}
	free(line);
	fclose(file);
	return 0;
}

struct search {
	char *out;
	size_t size;
	bool found;
};

static void look(void *arg, const char *word, unsigned line)
{
	struct search *s = arg;

	(void)line;
	if (s->found || !preload_is_shim(word, strlen(word)))
		return;
	s->found = true;
	snprintf(s->out, s->size, "%s", word);
}

bool preload_find_in_file(char *out, size_t size)
{
	struct search s = { out, size, false };

	return preload_each(look, &s) == 0 && s.found;
}
