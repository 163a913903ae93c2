/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A line that says how far a long removal is: on standard error, where that is this
 * process's own terminal, once it has taken two seconds. Elsewhere nothing is said.
 */
#ifndef PRIVTMP_PROGRESS_H
#define PRIVTMP_PROGRESS_H

enum { PROGRESS_TICK = 500 /* milliseconds between two looks */ };

/* A removal begins, on the file system of FD (-1: of several). */
void progress_begin(int fd);

/* To be called each tick: WHAT is being done. Not begun: does nothing. */
void progress_show(const char *what);

/* Makes room for another line; the next tick shows it again. */
void progress_clear(void);

/* It is over: takes the line away. */
void progress_end(void);

#endif
