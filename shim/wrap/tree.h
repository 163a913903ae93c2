/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walking trees: nftw(3) and fts(3).
 *
 * libc's own functions call no wrapper. They would show backings, follow links to the
 * wrong place, and enter shared directories from above. So a tree that may lie in or
 * above a guarded directory is walked here, in libc's steps, with calls that use the
 * view.
 */
#ifndef PRIVTMP_TREE_H
#define PRIVTMP_TREE_H

#include <stdbool.h>

/* Whether the tree at PATH may lie in or above a guarded directory. */
bool tree_is_ours(const char *path);

#endif
