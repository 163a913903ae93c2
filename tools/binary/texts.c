/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of texts; see texts.h. */
#include "texts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *texts_add(struct texts *texts, const char *format, ...)
{
	char **more = realloc(texts->text, (texts->n + 1) * sizeof *more);
	va_list list;
	int n;

	if (!more)
		return NULL;
	texts->text = more;
	va_start(list, format);
	n = vasprintf(&more[texts->n], format, list);
	va_end(list);
	return n < 0 ? NULL : more[texts->n++];
}

bool texts_have(const struct texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->n; i++)
		if (!strcmp(texts->text[i], text))
			return true;
	return false;
}

void texts_free(struct texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		free(texts->text[i]);
	free(texts->text);
	*texts = (struct texts){ NULL, 0 };
}
