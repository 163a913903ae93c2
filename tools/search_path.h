/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names that a command can have by PATH, in their order, as execvp(3) tries them. */
#ifndef PRIVTMP_SEARCH_PATH_H
#define PRIVTMP_SEARCH_PATH_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline const char *search_path_begin(void)
{
	const char *list = getenv("PATH");

	return list ? list : "/bin:/usr/bin";
}

/*
 * Writes to OUT the path of NAME by the first element of *LIST, and moves *LIST behind that:
 * to NULL behind the last. An empty element is the working directory. Whether the path fits.
 */
static inline int search_path_next(const char **list, const char *name,
				   char out[PATH_MAX])
{
	const char *at = *list;
	const size_t len = strcspn(at, ":");

	*list = at[len] ? at + len + 1 : NULL;
	return snprintf(out, PATH_MAX, "%.*s%s%s", (int)len, at, len ? "/" : "./", name) <
	       PATH_MAX;
}

#endif
