/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fts(3): shared by its walk (fts.c) and its directories (fts_dir.c). See tree.h.
 *
 * The system's header defines FTS and FTSENT, and programs read them. So these are
 * built exactly like libc's, as its fts_set and fts_close expect. A bit in the options
 * tells them apart.
 */
#ifndef PRIVTMP_FTS_TREE_H
#define PRIVTMP_FTS_TREE_H

#include <fts.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	FTS_OURS = 0x4000, /* a bit of fts_options that libc does not use */
	FTS_START = 4096,  /* first size of a path, as libc has it: both grow alike */
};

/* Why a directory is read: for fts_children, for its names, or to walk on. */
enum purpose { CHILDREN, NAMES, WALK };

/* The list of the current directory, or NULL. */
FTSENT *fts_directory(FTS *fts, enum purpose purpose);

/* Ends the walk for good. Returns NULL. */
void *fts_stop(FTS *fts);

/* fchdir(2), unless FTS_NOCHDIR. */
int fts_go_to(FTS *fts, int fd);

/* Changes to the directory E, if FD (or else PATH) still is E. */
int fts_enter(FTS *fts, const FTSENT *e, int fd, const char *path);

/* Makes an entry, its name and its status in one block, as fts_close frees it. */
FTSENT *fts_entry(FTS *fts, const char *name, size_t len);
void fts_free_list(FTSENT *e);

/* Determines the type of E: FTS_D and so on. */
unsigned short fts_look(FTS *fts, FTSENT *e, bool follow);

/* Sorts the N entries of a list; one too long to be sorted stays as it is. */
FTSENT *fts_sort(FTS *fts, FTSENT *head, int n);

/* The offset in the path at which the entries of E continue: at a slash. */
size_t fts_path_end(const FTSENT *e);

/* Makes room for MORE bytes in the path. */
bool fts_grow_path(FTS *fts, size_t more);

#endif
