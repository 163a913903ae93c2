/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pieces of an HTML page. For these files alone. */
#ifndef PRIVTMP_AUDIT_HTML_H
#define PRIVTMP_AUDIT_HTML_H

#include "finding.h"

#include <stdio.h>

/* TEXT, escaped: fit for an element and for a quoted attribute. NULL is nothing. */
void html_text(FILE *out, const char *text);

/* The same for what is quoted for C or a shell already: see SHOW_QUOTED. */
void html_quoted(FILE *out, const char *text);

/* <TAG class="CLASS">TEXT</TAG>; nothing where there is no text. CLASS may be NULL. */
void html_element(FILE *out, const char *tag, const char *class, const char *text);

/* The style sheet: light and dark, wide and narrow. */
extern const char html_style[];

/* Sections; each is left out where the report has nothing for it. */
void html_timeline(const struct report *report, FILE *out);
void html_processes(const struct report *report, FILE *out);

#endif
