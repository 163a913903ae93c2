/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that package managers have installed, and will install again. */
#ifndef PRIVTMP_DIVERT_H
#define PRIVTMP_DIVERT_H

#include <limits.h>
#include <stdbool.h>

enum owner {
	OWNER_NONE,
	OWNER_DPKG, /* can be told to install it elsewhere */
	OWNER_RPM,  /* cannot */
	OWNER_APK,
};

/*
 * Which package manager has installed PATH. NAME (PATH_MAX bytes) is its name there: if
 * /bin is a link to /usr/bin, it can be either.
 */
enum owner divert_owner(const char *path, char *name);

/*
 * Makes dpkg install its file NAME as NAME followed by TAIL from now on, or no longer.
 * Moves no file. 0, or -1 after a report.
 */
int divert_add(const char *name, const char *tail);
int divert_remove(const char *name);

/* Whether such a diversion exists. */
bool divert_is(const char *name, const char *tail);

#endif
