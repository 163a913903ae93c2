/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether another user can know a name beforehand. */
#ifndef PRIVTMP_AUDIT_NAMES_H
#define PRIVTMP_AUDIT_NAMES_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

/* What a name can have been made from. */
struct name_sources {
	const int *pids; /* of all processes, also those before the audited ones */
	size_t n_pids;
	int64_t start, end; /* of the run, seconds since the epoch */
	char *user;	    /* NULL: not known */
	unsigned uid;
	bool user_asked;      /* .user is that of .uid */
	const char *program;  /* the name of the program's file */
	const char *texts[4]; /* where words that are the same in each run are found: */
	size_t lengths[4];    /* a program's or script's bytes, a command line */
	/*
	 * The least number of random characters, if the file was made for its owner alone;
	 * or 0.
	 */
	unsigned drawn;
};

/*
 * Why NAME, a path's last component, can be known beforehand: "it has the process's
 * number in it"; NULL: it cannot.
 */
const char *name_weakness(const char *name, const struct name_sources *sources);

#endif
