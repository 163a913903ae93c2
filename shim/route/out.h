/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paths that come out: what the kernel or libc calls by the backing's name is
 * shown to the program by the view's. Since a backing is its root followed by
 * the view's path, the view's name is the end of the backing's.
 */
#ifndef PRIVTMP_OUT_H
#define PRIVTMP_OUT_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

/* How many bytes of PATH (LEN bytes) come before the view's name; often 0. */
size_t out_skip(const char *path, size_t len);

/* The view's name in the string PATH, which may be NULL. */
const char *out_view(const char *path);

/* Cuts the string PATH down to the view's name, in place. */
void out_cut(char *path);

/*
 * As out_cut, for a path that libc has made by words: they may have led up over the top
 * of a backing, to what no program is to see. There is the view's "/".
 */
void out_cut_words(char *path);

/* Room for a path of the view's and what comes before it, or is left out. */
enum { OUT_ROOM = PATH_MAX + 768 };

/*
 * The working directory's name as getcwd(2) gives it, shown by the view's: its length with
 * the NUL, *PATH in ROOM; -errno; or 0 for libc's own ways: it has no name, or too long a one.
 */
ssize_t out_cwd(char room[OUT_ROOM], char **path);

/* The same of what procfs's LINK leads to, where that is a directory. No NUL. */
ssize_t out_long_link(int dirfd, const char *link, char room[OUT_ROOM], char **path);

#endif
