/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Listing a guarded directory: the entries of the backing are followed by the shared
 * names that exist. A stream is recognized by its ".", so others cost nothing.
 */
#ifndef PRIVTMP_LISTING_H
#define PRIVTMP_LISTING_H

#include <limits.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

/* Room for the entry that readdir(3) returns. */
enum { LISTING_ROOM = 320 };

struct listing {
	const void *dir; /* NULL: free */
	int guard;
	bool beyond;
	long count;	/* number of names found so far */
	int64_t offset; /* in the shared directory, after the last one */
	alignas(16) char room[LISTING_ROOM];
};

/* A shared name, as in getdents64(2). COOKIE is for telldir(3). */
struct listed {
	uint64_t inode;
	long cookie;
	unsigned char type;
	char name[NAME_MAX + 1];
};

/* The number of known streams: if 0, nothing else is checked. */
extern unsigned listing_count;

/* Notes DIR, whose "." has this inode number, if it lists a guarded directory. */
void listing_look(void *dir, uint64_t inode);

/* Whether the descriptor FD is at the start of the guarded directory *GUARD. */
bool listing_starts(int fd, unsigned *guard);

/* The listing of DIR, or NULL. */
struct listing *listing_of(const void *dir);

/* Whether the backing's entries have all been read. */
bool listing_beyond(const struct listing *listing);

/* Call when they have: the shared names come next. */
void listing_begin(struct listing *listing);

/* The next shared name. False: there are no more. */
bool listing_next(struct listing *listing, struct listed *out);

/* Room for the entry that readdir(3) returns. */
void *listing_room(struct listing *listing);

/* The position for telldir(3), after the backing's entries. */
long listing_tell(const struct listing *listing);

/* Returns to a position. False: it is one among the backing's entries. */
bool listing_seek(struct listing *listing, long cookie);

/* Call when the stream is closed. */
void listing_end(struct listing *listing);

#endif
