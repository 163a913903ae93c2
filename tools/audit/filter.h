/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which findings count: --suppress, --baseline and --fail-on. */
#ifndef PRIVTMP_AUDIT_FILTER_H
#define PRIVTMP_AUDIT_FILTER_H

#include "finding.h"

/* "note", "low", "medium" or "high" in *OUT; false for any other word. */
bool filter_severity(const char *word, enum severity *out);

/*
 * Marks findings that a line of FILE matches as suppressed, or findings that the report
 * FILE contains as baseline. If FILE cannot be read or has a mistake, reports it on
 * standard error, with the line, and returns false.
 */
bool filter_suppress(struct report *report, const char *file);
bool filter_baseline(struct report *report, const char *file);

/*
 * Whether a finding that is neither suppressed nor baseline is at least as severe as LEAST.
 */
bool filter_fails(const struct report *report, enum severity least);

#endif
