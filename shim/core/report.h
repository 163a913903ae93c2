/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line on standard error that names the path, the cause and the remedy:
 *
 *     privtmp: PATH: WHAT: CAUSE; REMEDY
 *
 * Written by one write(2) from the stack: safe anywhere the shim runs. Where nobody can
 * read that, or where it is asked for, it goes to the journal or syslog (report_log.h).
 */
#ifndef PRIVTMP_REPORT_H
#define PRIVTMP_REPORT_H

/* Where reports go: the words of the setting "log", in their order. */
enum report_to {
	REPORT_AUTO, /* to standard error; where nobody reads that, to a log, too */
	REPORT_STDERR,
	REPORT_JOURNAL, /* instead, and to standard error where there is none */
	REPORT_SYSLOG,	/* likewise */
};

/* From now on. */
void report_use(enum report_to to);

/* ERROR is an errno, or 0 for none; REMEDY may be NULL. */
void report(const char *path, const char *what, int error, const char *remedy);

#endif
