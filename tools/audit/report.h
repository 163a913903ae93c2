/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing a report. All strings in it can come from an enemy. So each writer escapes them for
 * a terminal, a browser or a parser of the result.
 */
#ifndef PRIVTMP_AUDIT_REPORT_H
#define PRIVTMP_AUDIT_REPORT_H

#include "finding.h"

#include <stdio.h>

/* How text is to look. */
struct report_look {
	unsigned columns;
	bool colour;
	bool whole; /* words are not broken, however long: who reads may be a program */
};

/*
 * The style for OUT: the width of a terminal, and colours if OUT supports them and NO_COLOR is
 * not set. COLUMNS in the environment overrides the terminal's width.
 */
void report_look_of(FILE *out, struct report_look *look);

/* For people; grouped by rule. */
void report_text(const struct report *report, const struct report_look *look, FILE *out);
/* An object a line; privtmp-report.schema.json says what is in them. */
void report_json(const struct report *report, FILE *out);
/* SARIF 2.1.0, with what GitHub and GitLab read. */
void report_sarif(const struct report *report, FILE *out);
/* One page that needs nothing else. */
void report_html(const struct report *report, FILE *out);

/*
 * The same by the word that --format has: "text", "json", "sarif", "html". False for any
 * other.
 */
bool report_write(const struct report *report, const char *format, FILE *out);

#endif
