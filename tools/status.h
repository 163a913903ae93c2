/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp status: what is said of one process, unit or command, and how. */
#ifndef PRIVTMP_STATUS_H
#define PRIVTMP_STATUS_H

#include <stdbool.h>
#include <sys/types.h>

#include "options.h"

enum verdict {
	VERDICT_PRIVATE,     /* its guarded directories are its own */
	VERDICT_NOT_PRIVATE, /* they are the shared ones */
	VERDICT_UNKNOWN,     /* it may not be looked into */
	VERDICT_NOTHING,     /* there is no such thing */
};

/* "private", "not private", ... */
const char *verdict_word(enum verdict verdict);

/* Why something is not private, and what would help: NULL where there is none. */
struct reason {
	const char *why;
	const char *remedy;
};

/* Writes it as a line of text; as members of a JSON object with a comma before. */
void status_text_reason(const struct reason *reason, enum verdict verdict);
void status_json_reason(const struct reason *reason);

/* Each writes what is to be said, in the form of OPTIONS, and returns the verdict. */
enum verdict status_process(const struct options *options, pid_t pid);
enum verdict status_command(const struct options *options, const char *name);
enum verdict status_unit(const struct options *options, const char *name);

/* Whether there is a unit NAME, with an ending or without. */
bool status_is_unit(const struct options *options, const char *name);

#endif
