/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where in the code a call came from. */
#ifndef PRIVTMP_AUDIT_SITES_H
#define PRIVTMP_AUDIT_SITES_H

#include "events.h"
#include "finding.h"

/* Fills in what the trace tells: module, build-id, offset, script and its line. */
void site_of(const struct history *history, const struct event *event,
	     struct call_site *site);

/*
 * Asks the program "where" (WHERE: its path) for functions, files and lines of all findings in
 * REPORT. Without it these stay unknown.
 */
void sites_name(struct report *report, const char *where);

#endif
