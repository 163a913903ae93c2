/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walking trees: nftw(3) and fts(3).
 *
 * libc's own walkers call no wrapper on their way. They would show backings,
 * follow links to the wrong place, and enter the shared directory from above.
 * So where a tree may lie in or above a guarded directory it is walked here, by
 * the same steps as libc's, but with calls that go through the view.
 */
#ifndef PRIVTMP_TREE_H
#define PRIVTMP_TREE_H

#include <stdbool.h>

/* Whether the tree at PATH may have to do with a guarded directory. */
bool tree_is_ours(const char *path);

#endif
