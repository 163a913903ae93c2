/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether names or descriptors lead to one file. */
#ifndef PRIVTMP_TOOLS_SAME_FILE_H
#define PRIVTMP_TOOLS_SAME_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

static inline bool same_file(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Whether ST is of the file that PATH leads to. */
static inline bool same_file_at(const struct stat *st, const char *path)
{
	struct stat named;

	return stat(path, &named) == 0 && same_file(st, &named);
}

/* Whether both paths lead to one file. */
static inline bool same_paths(const char *one, const char *other)
{
	struct stat st;

	return stat(one, &st) == 0 && same_file_at(&st, other);
}

#endif
