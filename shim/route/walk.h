/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The walk: a path followed component by component, as the kernel would, but
 * in the view. Needed where ".." or a link can cross a guarded directory's
 * border, since the kernel alone would then leave the backing, or enter the
 * shared directory.
 */
#ifndef PRIVTMP_WALK_H
#define PRIVTMP_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/view.h"

enum {
	WALK_ROOM = 256,  /* before the path: for a root to stand in */
	WALK_PATH = 8192, /* a path and what is still ahead of it */
	WALK_TEXT = 4096, /* a link's text */
	WALK_DELETED = sizeof " (deleted)" - 1, /* how procfs says so */
};

/* The workspace and result of one walk; see walk_begin. */
struct walk {
	bool crossed;	/* the kernel alone would have arrived elsewhere */
	bool foreign;	/* started, and still is, in the shared directory */
	bool deleted;	/* is still at its start, which has been removed */
	bool jumped;	/* over a link of procfs's */
	bool directory; /* a trailing slash asks for one */
	bool searched;	/* ... which may be searched: it ends in "/." */
	bool refused;	/* walk_pin failed by what may be had, not by what is there */
	bool complete;	/* every component was looked up, and exists */
	/*
	 * Set after walk_begin for what glibc's realpath does: it starts from the
	 * working directory's name, and ".." takes a name away.
	 */
	bool lexical;
	int links;  /* links followed so far */
	int held;   /* a descriptor that the walk needs until its end, or -1 */
	size_t len; /* of the path */
	/*
	 * The path's first base_len bytes are the directory that is base_ups
	 * levels above the descriptor base, or above where procfs's link jump
	 * leads; 0: it is absolute.
	 */
	int base;
	unsigned base_ups;
	size_t base_len;
	char jump[64];
	/*
	 * The path in the view at .at[WALK_ROOM]; without "..", and without
	 * links but for a last component that was not to be followed. A root
	 * can be put before it without moving it.
	 */
	char at[WALK_ROOM + WALK_PATH];
	char ahead[WALK_PATH]; /* what has still to be walked, at its end */
	const char *more;      /* ... and after it, of a path that is too long */
	size_t more_len;
	char text[WALK_TEXT];
};

/*
 * Takes a workspace, not on the stack because the callers' may be small, until
 * walk_end. NULL with *ERROR set when there is none.
 */
struct walk *walk_begin(int *error);
void walk_end(struct walk *walk);

/*
 * Walks PATH (LEN bytes) from DIRFD; one of PATH_MAX or more, which no system call
 * takes, only with FOLLOW. Returns 0 with the result in *WALK, or
 * -errno. A walk that never crossed means that PATH can go to the kernel as it
 * is. Where a component cannot be looked up the rest is appended as it stands:
 * the kernel finds the same fault at the same place.
 */
int walk_path(struct walk *walk, int dirfd, const char *path, size_t len,
	      enum follow follow);

/* The view's name for the walk's result; terminated. */
static inline char *walk_view(struct walk *walk)
{
	return walk->at + WALK_ROOM;
}

/*
 * The real name of the walk's result: with the backing's root before it where
 * it is guarded and not shared. *GUARD is the guard's index, or -1.
 */
char *walk_real(struct walk *walk, size_t *len, int *guard);

/*
 * Another name for the walk's result, by the link of procfs's that led there, where
 * REAL, the first one, cannot be reached: or NULL.
 */
char *walk_seen(struct walk *walk, const char *real);

/*
 * Opens by O_PATH, without following a link, what in a mixed session lies in the
 * backing at the end of the walk, or the directory that is to hold it; and looks
 * whether the call may have it (see sticky.h). *PATH is its name then: one on the way to
 * which no link can be put any more. Returns the descriptor, or -errno: -EAGAIN
 * where a link has been put there since the walk.
 */
int walk_pin(struct walk *walk, enum follow follow, unsigned intent, const char **path);

/*
 * Whether a call may have what is at the end of a walk in a directory that is shared:
 * 0, or -errno; 1 where that is a directory.
 */
int walk_judge(struct walk *walk, enum follow follow, unsigned intent);

/* -- Between the parts of the walk -- */

/* Whether the path is exactly a guarded directory; whether it leads into a backing. */
bool walk_at_guard(struct walk *walk);
bool walk_is_private(struct walk *walk);

/* The path, which is a guarded directory, becomes its backing's. 0 or -errno. */
int walk_enter(struct walk *walk);

/* The path has been found to be that of a directory outside of the backings. */
int walk_arrive(struct walk *walk);

void walk_truncate(struct walk *walk, size_t len);

/* Writes the path as it is seen from its base to the text; false: it does not fit. */
bool walk_put_seen(struct walk *walk);

/*
 * Puts the start of a relative path, seen from DIRFD, in its place. *AHEAD moves where
 * some of it had to be walked for that. 0, -ENOLINK where there is no name for it, or
 * -errno.
 */
int walk_start(struct walk *walk, int dirfd, char **ahead);

/*
 * Whether the link that was just read, at the path whose directory has BEFORE bytes,
 * may be followed: see sticky.h. Reads it anew where that matters.
 */
int walk_check_link(struct walk *walk, size_t before, size_t *text_len);

/* Whether procfs says of this path (LEN bytes) that it is no more. */
bool walk_is_deleted(const char *path, size_t len);
bool walk_is_directory(int dirfd, const char *path);

/* What the directory is that a walk starts from. */
struct start {
	bool backing; /* lies in a backing */
	bool deleted; /* has been removed: this was its path */
	bool lost;    /* lies outside of the root */
};

/*
 * Writes the real path of a directory (DIRFD, or the working directory) in
 * view terms to OUT. Returns its length, or -errno when it has no name; where it is
 * lost, OUT holds the one that it has in another root.
 */
ptrdiff_t walk_directory(int dirfd, char *out, size_t size, struct start *start);

#endif
