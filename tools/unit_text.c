/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values in a systemd unit; see unit_text.h. */
#include "unit_text.h"

#include <string.h>

void unit_put_quoted(FILE *out, const char *value, bool specifiers)
{
	for (; *value; value++) {
		if (strchr("\"\\", *value))
			putc('\\', out);
		if (*value == '%' && !specifiers)
			putc('%', out);
		putc(*value, out);
	}
}

void unit_put_variable(FILE *out, const char *name, const char *value)
{
	fprintf(out, "Environment=\"%s=", name);
	unit_put_quoted(out, value, false);
	fputs("\"\n", out);
}

void unit_put_program(FILE *out, const char *path)
{
	/* Most paths stay as one would type them. */
	const char *quote = strpbrk(path, " \t'\"\\;%") ? "\"" : "";

	fputs(quote, out);
	unit_put_quoted(out, path, false);
	fputs(quote, out);
}

void unit_read_word(const char *text, char *out, size_t size)
{
	const bool quoted = *text == '"';
	size_t n = 0;

	for (text += quoted; *text && n + 1 < size; text++) {
		if (quoted ? *text == '"' : strchr(" \t\n", *text) != NULL)
			break;
		if ((*text == '\\' || (*text == '%' && text[1] == '%')) && text[1])
			text++;
		out[n++] = *text;
	}
	out[n] = '\0';
}
