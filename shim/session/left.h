/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a root that could not be removed. */
#ifndef PRIVTMP_LEFT_H
#define PRIVTMP_LEFT_H

#include <stdbool.h>

struct left {
	const char *what;
	int error;
	const char *remedy; /* NULL: what goes for this error */
};

/* What to report of ROOT, which is left for ERROR. */
struct left left_root(const char *root, int error);

/* Whether the directory DIR is immutable, or (ADDS) lets names only be added. */
bool left_is_fixed(const char *dir, bool adds);

#endif
