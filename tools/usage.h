/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The size of a session. */
#ifndef PRIVTMP_USAGE_H
#define PRIVTMP_USAGE_H

#include <stdbool.h>

struct usage {
	unsigned long long files; /* all but directories */
	unsigned long long bytes; /* on disk */
	bool partly;		  /* some could not be read */
};

/*
 * Adds the contents of the directory PATH, until END (of crew_now). Follows no link,
 * crosses no mount.
 */
void usage_add(const char *path, struct usage *usage, long end);

#endif
