/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paths from the kernel or libc: a name in a backing is replaced by the view's. A
 * backing's path is its prefix followed by the view's path, so the view's name is the
 * end of it.
 */
#ifndef PRIVTMP_OUT_H
#define PRIVTMP_OUT_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

/* The number of bytes of PATH (LEN bytes) before the view's name; mostly 0. */
size_t out_skip(const char *path, size_t len);

/* The view's name in PATH, which may be NULL. */
const char *out_view(const char *path);

/* Cuts PATH to the view's name, in place. */
void out_cut(char *path);

/*
 * Takes the prefixes of backings out of TEXT, in place, wherever they are in it. Nothing of
 * them stays behind its end.
 */
void out_cut_text(char *text);

/*
 * The same as out_cut for a path that libc has composed by words: ".." may have led out of the
 * backing, where the view has "/".
 */
void out_cut_words(char *path);

/* Room for a path of the view and a prefix. */
enum { OUT_ROOM = PATH_MAX + 768 };

/*
 * The view's name of the working directory: its length with the NUL, *PATH in ROOM;
 * -errno; or 0 where libc's own way is needed: there is no name, or it is too long.
 */
ssize_t out_cwd(char room[OUT_ROOM], char **path);

/*
 * The same for the directory that the procfs link LINK leads to. Its length without the
 * NUL.
 */
ssize_t out_long_link(int dirfd, const char *link, char room[OUT_ROOM], char **path);

/*
 * The real name of a directory where procfs is not there to tell it; its parents must be
 * readable. Its length, or -ENAMETOOLONG where no name is found.
 */
ssize_t out_climb(int dirfd, char *out, size_t size);

#endif
