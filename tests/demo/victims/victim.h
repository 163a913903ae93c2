/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the C victims share: careful file handling is not what they are about. */
#ifndef DEMO_VICTIM_H
#define DEMO_VICTIM_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Stands for the work that real programs do between choosing a name and using it. */
static inline void work(void)
{
	usleep(60000);
}

static inline FILE *open_or_die(const char *path, const char *mode)
{
	FILE *f = fopen(path, mode);

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	return f;
}

static inline void copy_text(const char *from, const char *to)
{
	FILE *in = open_or_die(from, "r");
	FILE *out = open_or_die(to, "w");

	for (int c = getc(in); c != EOF; c = getc(in))
		putc(c, out);
	fclose(in);
	fclose(out);
}

static inline int count_lines(const char *path)
{
	FILE *in = open_or_die(path, "r");
	int lines = 0;

	for (int c = getc(in); c != EOF; c = getc(in))
		lines += c == '\n';
	fclose(in);
	return lines;
}

#endif
