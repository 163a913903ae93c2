/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows names given by others; see show.h. */
#include "show.h"
#include "core/character.h"
#include "core/report.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A terminal without UTF-8 takes some of its bytes for controls. */
static bool is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		const char *set = value ? strchr(value, '.') : NULL;

		if (value && *value)
			return set && (!strncasecmp(set, ".utf-8", 6) ||
				       !strncasecmp(set, ".utf8", 5));
	}
	return false;
}

/* Writes the character at AT, escaped if needed, to OUT. Returns its length. */
static size_t show_one(const unsigned char *at, size_t left, unsigned how,
		       char out[CHARACTER_ESCAPE])
{
	unsigned code;
	size_t n = character_take(at, left, &code);

	if (n == 0 || (n > 1 && !(how & SHOW_UTF8) && !is_utf8())) {
		character_escape(*at, true, out);
		return 1;
	}
	if (character_is_hidden(code)) {
		character_escape(code, n == 1, out);
	} else if (code == '\\' && !(how & SHOW_QUOTED)) {
		strcpy(out, "\\\\");
	} else {
		memcpy(out, at, n);
		out[n] = '\0';
	}
	return n;
}

char *show_text(const char *text, char *out, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text), to = 0;
	char one[CHARACTER_ESCAPE];

	while (left) {
		size_t n = show_one(at, left, 0, one), len = strlen(one);

		if (to + len >= size)
			break;
		memcpy(out + to, one, len);
		to += len;
		at += n;
		left -= n;
	}
	out[to] = '\0';
	return out;
}

void show_as(FILE *out, const char *text, unsigned how)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text);
	char one[CHARACTER_ESCAPE];

	while (left) {
		size_t n = show_one(at, left, how, one);

		fputs(one, out);
		at += n;
		left -= n;
	}
}

void show_put(FILE *out, const char *text)
{
	show_as(out, text, 0);
}

void show_report(const char *path, const char *what, int error, const char *remedy)
{
	char shown[1024]; /* more than a report shows */

	report(show_text(path, shown, sizeof shown), what, error, remedy);
}
