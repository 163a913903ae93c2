/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the formats of a report have in common. For these files alone; see report.h. */
#ifndef PRIVTMP_AUDIT_PARTS_H
#define PRIVTMP_AUDIT_PARTS_H

#include <stdio.h>

#include "finding.h"

/* Whether a finding counts: it is neither suppressed nor known from the baseline. */
bool finding_counts(const struct finding *finding);

struct severity_counts {
	size_t of[SEVERITY_HIGH + 1];
	size_t all, suppressed, baseline;
};
void count_findings(const struct report *report, struct severity_counts *out);

/* The most severe finding of this rule that counts. */
enum severity worst_of(const struct report *report, enum rule_id rule);

/*
 * The order in which people read: the most severe rule first, by its worst finding, then by
 * paths. An array of pointers into the report, for the caller to free; NULL where there is
 * no memory.
 */
const struct finding **findings_in_order(const struct report *report);

/* The process with this pid that was there at that time, or NULL. */
const struct audit_process *process_at(const struct report *report, int pid,
				       struct timespec time);

/* Seconds from the report's start. */
double seconds_since(const struct report *report, struct timespec time);

/* A list of words with blanks between, word by word: NULL when there is none left. */
const char *next_word(const char *list, size_t *len);

/* TEXT as a word of a shell; with a control character in it, of one that knows $'...'. */
void put_shell_word(FILE *out, const char *text);

/*
 * These make a string for the caller to free; NULL where there is no memory. What is in it
 * is not fit to be shown: each format has its own way of escaping.
 */

/* The example of an attack, with the finding's path in its place, quoted for a shell. */
char *attack_of(const struct finding *finding);
/* "main (legacy.c:17), /usr/bin/legacy+0x1234"; "" where nothing is known. */
char *site_text(const struct call_site *site);
/* "legacy[12], from make[11], from sh[10]". */
char *process_text(const struct report *report, const struct finding *finding);

#endif
