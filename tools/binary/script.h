/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a script does in shared directories, by its text; for script*.c alone. */
#ifndef PRIVTMP_BINARY_SCRIPT_H
#define PRIVTMP_BINARY_SCRIPT_H

#include "subject.h"

enum language {
	LANGUAGE_SHELL,
	LANGUAGE_PYTHON,
	LANGUAGE_PERL,
	LANGUAGE_RUBY,
	LANGUAGE_PHP,
	LANGUAGE_OTHER
};

/* One line of a script, without its comment. */
struct script_line {
	enum language language;
	unsigned number;
	char *text;	/* ends with a NUL */
	bool exclusive; /* a shell that was told not to write over what is there (set -C) */
};

/* Finds what is wrong in the lines of TEXT, LEN bytes. */
void script_read_lines(struct subject *subject, enum language language, const char *text,
		       size_t len);

/* Finds what is wrong in LINE. */
void script_judge_line(struct subject *subject, const struct script_line *line);

#endif
