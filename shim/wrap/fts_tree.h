/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fts(3): what is common to its walk (fts.c) and its directories (fts_dir.c).
 * See tree.h.
 *
 * FTS and FTSENT are laid out in the system's header and programs look into
 * them, so a walk of ours is of the same make as one of libc's, down to what
 * its fts_set and fts_close expect; a bit in its options tells them apart.
 */
#ifndef PRIVTMP_FTS_TREE_H
#define PRIVTMP_FTS_TREE_H

#include <fts.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	FTS_OURS = 0x4000, /* in fts_options, where libc has no use for it */
	FTS_START = 1024,  /* bytes of a path's buffer to begin with */
};

/* Why a directory is read: for fts_children, for its names, or to walk on. */
enum purpose { CHILDREN, NAMES, WALK };

/* The list of what is in the current directory, or NULL. */
FTSENT *fts_directory(FTS *fts, enum purpose purpose);

/* Ends the walk for good. Returns NULL. */
void *fts_stop(FTS *fts);

/* fchdir, unless the walk stays where it is. */
int fts_go_to(FTS *fts, int fd);

/* Goes to the directory E, if FD (or else PATH) is still that. */
int fts_enter(FTS *fts, const FTSENT *e, int fd, const char *path);

/* An entry, its name and its status in one piece, as fts_close frees it. */
FTSENT *fts_entry(FTS *fts, const char *name, size_t len);
void fts_free_list(FTSENT *e);

/* Finds out what E is: FTS_D and so on. */
unsigned short fts_look(FTS *fts, FTSENT *e, bool follow);

/* Sorts the N entries of a list; one too long to be sorted stays as it is. */
FTSENT *fts_sort(FTS *fts, FTSENT *head, int n);

/* Where the path of what is in E is to go on: at a slash. */
size_t fts_path_end(const FTSENT *e);

/* Makes room for MORE bytes in the path. */
bool fts_grow_path(FTS *fts, size_t more);

#endif
