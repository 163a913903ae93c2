/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line on standard error that names the path, the cause and the remedy:
 *
 *     privtmp: PATH: WHAT: CAUSE; REMEDY
 *
 * Written by one write(2) from the stack: safe anywhere the shim runs.
 */
#ifndef PRIVTMP_REPORT_H
#define PRIVTMP_REPORT_H

/* ERROR is an errno, or 0 for none; REMEDY may be NULL. */
void report(const char *path, const char *what, int error, const char *remedy);

#endif
