/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fts(3) for large files, where these have structures of their own: on 32 bits. The walk
 * is that of fts.c and fts_dir.c, compiled once more. Who includes this has defined
 *
 *     FTS_LARGE(name)  the NAME of a function that the two share
 *     stat             the structure, and as stat, lstat and fstat what fills it in
 *
 * after the headers. With a 64-bit time_t only what fts_statp points to is another.
 */
#ifndef PRIVTMP_FTS_LARGE_H
#define PRIVTMP_FTS_LARGE_H

#define FTS FTS64
#define FTSENT FTSENT64

#define fts_directory FTS_LARGE(directory)
#define fts_stop FTS_LARGE(stop)
#define fts_go_to FTS_LARGE(go_to)
#define fts_enter FTS_LARGE(enter)
#define fts_entry FTS_LARGE(entry)
#define fts_free_list FTS_LARGE(free_list)
#define fts_look FTS_LARGE(look)
#define fts_sort FTS_LARGE(sort)
#define fts_path_end FTS_LARGE(path_end)
#define fts_grow_path FTS_LARGE(grow_path)

#include "wrap/fts_dir.c"

#include "wrap/fts.c"

#endif
