/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paths that come out: what the kernel or libc calls by the backing's name is
 * shown to the program by the view's. Since a backing is its root followed by
 * the view's path, the view's name is the end of the backing's.
 */
#ifndef PRIVTMP_OUT_H
#define PRIVTMP_OUT_H

#include <stddef.h>

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

#endif
