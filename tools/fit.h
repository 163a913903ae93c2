/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Standard output that fits the terminal. Where it is no terminal, lines stay whole. */
#ifndef PRIVTMP_FIT_H
#define PRIVTMP_FIT_H

#include <stddef.h>
#include <stdio.h>

/* The columns of the terminal, or as COLUMNS says; 0: there is none, or nobody says. */
int fit_width(void);

struct fit {
	FILE *out; /* write to this */
	char *text;
	size_t size;
};

/*
 * What is written to fit.out between these two goes to standard output, in lines that are
 * folded at blanks. A line with a label, and two or more blanks behind it, goes on below
 * what follows them. Terminal controls must have been escaped.
 */
void fit_begin(struct fit *fit);
void fit_end(struct fit *fit);

#endif
