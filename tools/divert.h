/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that package managers have put where they are, and will put there again. */
#ifndef PRIVTMP_DIVERT_H
#define PRIVTMP_DIVERT_H

#include <limits.h>
#include <stdbool.h>

enum owner {
	OWNER_NONE,
	OWNER_DPKG, /* which can be told to put it elsewhere */
	OWNER_RPM,  /* which cannot */
	OWNER_APK,
};

/*
 * Who has put the file at PATH there. NAME (PATH_MAX bytes) is how the package manager
 * calls it: with /bin a link to /usr/bin it may have either name.
 */
enum owner divert_owner(const char *path, char *name);

/*
 * Has dpkg put its file NAME at NAME with TAIL behind it from now on, or no more. It moves
 * nothing itself. 0, or -1 having said why.
 */
int divert_add(const char *name, const char *tail);
int divert_remove(const char *name);

/* Whether that is so. */
bool divert_is(const char *name, const char *tail);

#endif
