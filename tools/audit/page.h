/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text in lines of a given width, whoever wrote the words. */
#ifndef PRIVTMP_AUDIT_PAGE_H
#define PRIVTMP_AUDIT_PAGE_H

#include "report.h"

struct page {
	FILE *out;
	const struct report_look *look;
	unsigned indent; /* of lines that a paragraph goes on in */
	unsigned at;	 /* columns that are taken in this line */
	const char *style;
};

/* Begins a line (where one is under way) at column FIRST; what follows it at INDENT. */
void page_line(struct page *page, unsigned first, unsigned indent);

/* An empty line. */
void page_gap(struct page *page);

/* Ends the last line. */
void page_end(struct page *page);

/*
 * Adds TEXT, filled to the width: escaped as by show_put, and broken at blanks. STYLE is
 * what goes between ESC[ and m; NULL for none.
 */
void page_put(struct page *page, const char *style, const char *text);

/* The same for what has been escaped, without a style. */
void page_plain(struct page *page, const char *text);

/* The same for what is quoted for C or a shell already: see SHOW_QUOTED. */
void page_quoted(struct page *page, const char *style, const char *text);

#endif
