/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing JSON; see json.h. */
#include "json.h"
#include "core/character.h"

#include <string.h>

void json_bytes(FILE *out, const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;

	putc('"', out);
	while (len) {
		unsigned code;
		size_t n = character_take(at, len, &code);

		if (n == 0) {
			fputs("\\ufffd", out);
			n = 1;
		} else if (*at == '"' || *at == '\\') {
			fprintf(out, "\\%c", *at);
		} else if (code > 0xffff && character_is_hidden(code)) {
			fprintf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
				0xdc00 + (code & 0x3ff));
		} else if (character_is_hidden(code)) {
			fprintf(out, "\\u%04x", code);
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

void json_member(FILE *out, const char *name, const char *value)
{
	fprintf(out, ", \"%s\": ", name);
	if (value && *value)
		json_string(out, value);
	else
		fputs("null", out);
}
