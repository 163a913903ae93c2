/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Listing a guarded directory: behind what is in the backing come the names that are
 * shared, and are there. A stream is known by its ".", so that others cost nothing.
 */
#ifndef PRIVTMP_LISTING_H
#define PRIVTMP_LISTING_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct listing;

/* A name that was found, as getdents64(2) says it; COOKIE is for telldir(3). */
struct listed {
	uint64_t inode;
	long cookie;
	unsigned char type;
	char name[NAME_MAX + 1];
};

/* How many streams are known; where none is, nothing more need be asked. */
extern unsigned listing_count;

/* Looks whether DIR, whose "." has this inode number, is one of a guarded directory. */
void listing_look(void *dir, uint64_t inode);

/* The listing of DIR, or NULL. */
struct listing *listing_of(const void *dir);

/* Whether DIR's own entries have all been read. */
bool listing_beyond(const struct listing *listing);

/* They have: the shared ones come next. */
void listing_begin(struct listing *listing);

/* The next of them; false: that was all. */
bool listing_next(struct listing *listing, struct listed *out);

/* Room for the entry that readdir(3) returns, until the next. */
enum { LISTING_ROOM = 320 };
void *listing_room(struct listing *listing);

/* Where the stream stands, for telldir(3); it is beyond its own entries. */
long listing_tell(const struct listing *listing);

/* Goes to where that was; false: it is a place among the stream's own entries. */
bool listing_seek(struct listing *listing, long cookie);

/* The stream is closed. */
void listing_end(struct listing *listing);

#endif
