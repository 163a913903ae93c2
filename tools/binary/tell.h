/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the results for files, as text and as JSON. */
#ifndef PRIVTMP_BINARY_TELL_H
#define PRIVTMP_BINARY_TELL_H

#include "subject.h"

#include <stdio.h>

/* What became of all files. */
struct tally {
	unsigned long files, reached[3]; /* by enum reach */
	unsigned long wrong, findings;
};

/* All that is known of one, in several lines; or its verdict alone, in one. */
void tell_full(const struct subject *subject, FILE *out);
void tell_brief(const struct subject *subject, FILE *out);
void tell_tally(const struct tally *tally, FILE *out);

/* One document: FIRST comes before the first file, and "end" ends it. */
void tell_json(const struct subject *subject, bool first, FILE *out);
void tell_json_wrong(const char *path, const struct wrong *wrong, bool first, FILE *out);
void tell_json_end(const struct tally *tally, FILE *out);

#endif
