/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that "privtmp check" examines. */
#ifndef PRIVTMP_BINARY_WALK_FILES_H
#define PRIVTMP_BINARY_WALK_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct file {
	char *path;
	bool named; /* by the user, not only found in a directory */
	int error;  /* 0; or why it, or a directory, could not be looked at */
};

struct files {
	struct file *file;
	size_t n;
	bool walked; /* one of them was a directory */
};

/*
 * Adds PATH; if it is a directory, what lies in it: each file once, by its own name rather
 * than by a link's, in order of their names; not what is mounted there. 0, or an errno.
 */
int files_add(struct files *files, const char *path);

#endif
