/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp status: the facts about a process, unit or command, and their output. */
#ifndef PRIVTMP_STATUS_H
#define PRIVTMP_STATUS_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "options.h"

enum verdict {
	VERDICT_PRIVATE,     /* its guarded directories are private */
	VERDICT_NOT_PRIVATE, /* they are shared */
	VERDICT_UNKNOWN,     /* the caller may not examine it */
	VERDICT_NOTHING,     /* it does not exist */
};

/* "private", "not private", ... */
const char *verdict_word(enum verdict verdict);

/* Why something is not private, and the remedy; NULL: none. */
struct reason {
	const char *why;
	const char *remedy;
};

/*
 * Writes the reason as a line of text, or as members of a JSON object, with a comma before
 * them.
 */
void status_text_reason(FILE *out, const struct reason *reason, enum verdict verdict);
void status_json_reason(const struct reason *reason);

/*
 * Each writes its facts in the format of OPTIONS, and returns the verdict. NUMBER: a
 * process_number.
 */
enum verdict status_process(const struct options *options, long long number);
enum verdict status_command(const struct options *options, const char *name);
enum verdict status_unit(const struct options *options, const char *name);

/* Whether a unit NAME exists; NAME can lack its ending. */
bool status_is_unit(const struct options *options, const char *name);

#endif
