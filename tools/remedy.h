/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do about errors that have no better remedy where they are reported. */
#ifndef PRIVTMP_REMEDY_H
#define PRIVTMP_REMEDY_H

/*
 * For report(): the remedy for ERROR, an errno, of a call with a path; NULL for 0. Keeps
 * errno.
 */
const char *remedy_of(int error);

struct program;

/* The same, where PROGRAM cannot be run: the file that is missing may be an interpreter. */
const char *remedy_of_program(const struct program *program, int error);

/* Reports, once, that not all of WHAT ("sessions") is known, for ERROR, an errno. */
void remedy_lack(const char *what, int error);

#endif
