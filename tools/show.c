/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows names given by others; see show.h. */
#include "show.h"
#include "core/report.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

size_t show_sequence(const unsigned char *at, size_t left, unsigned *code)
{
	/* The range of the second byte excludes overlong and too high codes. */
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

	*code = at[0];
	if (at[0] < 0x80)
		return 1;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		len = 2;
	else if ((at[0] & 0xf0) == 0xe0)
		len = 3;
	else if (at[0] >= 0xf0 && at[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;
	if (left < len || at[1] < low || at[1] > high)
		return 0;
	*code = at[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (at[i] & 0x3f);
	}
	return len;
}

bool show_is_hidden(unsigned code)
{
	static const struct {
		unsigned first, last;
	} ranges[] = {
		{ 0, 0x1f },	    { 0x7f, 0x9f },	  { 0xad, 0xad },
		{ 0x61c, 0x61c },   { 0x180e, 0x180e },	  { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f },	  { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

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

enum { LONGEST = 12 }; /* bytes for one character, with the end */

/* Writes the character at AT, escaped if needed, to OUT. Returns its length. */
static size_t show_one(const unsigned char *at, size_t left, unsigned how,
		       char out[LONGEST])
{
	unsigned code;
	size_t n = show_sequence(at, left, &code);

	if (n == 0 || (n > 1 && !(how & SHOW_UTF8) && !is_utf8())) {
		snprintf(out, LONGEST, "\\x%02x", *at);
		return 1;
	}
	if (show_is_hidden(code)) {
		snprintf(out, LONGEST, n == 1 ? "\\x%02x" : "\\u%04x", code);
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
	char one[LONGEST];

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
	char one[LONGEST];

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
	char shown[400];

	report(show_text(path, shown, sizeof shown), what, error, remedy);
}
