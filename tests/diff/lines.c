/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a file of shapes or templates. */
#define _GNU_SOURCE
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lines read_lines(const char *file)
{
	struct lines lines = { NULL, 0 };
	FILE *f = fopen(file, "re");
	if (!f) {
		perror(file);
		exit(3);
	}
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	while ((length = getline(&line, &size, f)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = 0;
		if (*line == 0 || *line == '#')
			continue;
		lines.line = realloc(lines.line, (lines.count + 1) * sizeof *lines.line);
		if (!lines.line)
			exit(3);
		lines.line[lines.count++] = strdup(line);
	}
	free(line);
	fclose(f);
	return lines;
}
