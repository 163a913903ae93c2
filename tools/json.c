/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing JSON; see json.h. */
#include "json.h"

#include <string.h>

/* The length of the UTF-8 sequence at AT (LEFT bytes), or 0 if it is none. */
static size_t sequence(const unsigned char *at, size_t left)
{
	/* The range of the second byte leaves out what is too long or high. */
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

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
	for (size_t i = 2; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

void json_bytes(FILE *out, const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;

	putc('"', out);
	while (len) {
		size_t n = sequence(at, len);

		if (n == 0) {
			fputs("\\ufffd", out);
			n = 1;
		} else if (*at == '"' || *at == '\\') {
			fprintf(out, "\\%c", *at);
		} else if (*at < ' ') {
			fprintf(out, "\\u%04x", *at);
		} else {
			fwrite(at, 1, n, out);
		}
		at += n;
		len -= n;
	}
	putc('"', out);
}

void json_string(FILE *out, const char *text)
{
	json_bytes(out, text, strlen(text));
}
