/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* getdents64(2), by name and by number; see listing.h. */
#define _GNU_SOURCE
#include "wrap/getdents.h"
#include "core/sys.h"
#include "policy/scan.h"
#include "wrap/listing.h"
#include "wrap/wrap.h"

#include <stddef.h>
#include <unistd.h>

/* In half of this the kernel has room for any name. */
enum { ROOMY = 1024 };

/* In this it has room for "." alone, the first name of most file systems. */
enum { DOT = (offsetof(struct kernel_dirent, name) + sizeof "." + 7) & ~7ul };

/*
 * Writes the shared names of the guard to ROOM, as entries behind which a program goes on
 * at the position NEXT. As many as fit; returns their bytes.
 */
static size_t put_shared(unsigned guard, char *room, size_t size, int64_t next)
{
	const size_t head = offsetof(struct kernel_dirent, name);
	struct listing *l = &(struct listing){ .guard = (int)guard };
	struct kernel_dirent entry = { .off = next };
	struct listed name;
	size_t used = 0;

	listing_begin(l);
	while (listing_next(l, &name)) {
		const size_t n = strlen(name.name) + 1;

		entry.ino = name.inode;
		entry.len = (uint16_t)((head + n + 7) & ~7ul);
		entry.type = name.type;
		if (entry.len > size - used)
			break;
		/* The room may begin anywhere. */
		memcpy(room + used, &entry, head);
		memcpy(room + used + head, name.name, n);
		used += entry.len;
	}
	return used;
}

/* The position behind the last of N bytes of entries. */
static int64_t last_position(const char *room, long n)
{
	struct kernel_dirent entry = { .off = 0 };

	for (long at = 0; at < n; at += entry.len)
		memcpy(&entry, room + at, offsetof(struct kernel_dirent, name));
	return entry.off;
}

/* The directory's own first entries. Where room is short, the fewest that can be had. */
static long read_first(getdents_call *call, int fd, char *room, size_t size)
{
	const int error = errno;
	long n;

	if (size >= ROOMY)
		return call(fd, room, size / 2);
	n = call(fd, room, size < DOT ? size : DOT);
	if (n >= 0 || errno != EINVAL)
		return n;
	errno = error;
	return call(fd, room, size);
}

/*
 * Nothing can be remembered of a descriptor, which may be a copy of another. So the shared
 * names come with the first entries: when the directory is read from its start.
 */
long getdents_list(getdents_call *call, int fd, void *out, size_t size)
{
	char *room = out;
	unsigned guard;
	long n;

	if (!listing_starts(fd, &guard))
		return call(fd, room, size);
	n = read_first(call, fd, room, size);
	if (n <= 0 || !view_bytes_probe(room + n, size - (size_t)n))
		return n;
	return n + (long)put_shared(guard, room + n, size - (size_t)n,
				    last_position(room, n));
}

/* A macro of musl's. */
#undef getdents64

#define GETDENTS(name) \
	WRAP(long, name, int fd, void *room, size_t size); \
	static long by_##name(int fd, void *room, size_t size) \
	{ \
		return REAL(name)(fd, room, size); \
	} \
	long pt_##name(int fd, void *room, size_t size) \
	{ \
		return getdents_list(by_##name, fd, room, size); \
	}

GETDENTS(getdents64)
/* musl's name for it. */
GETDENTS(getdents)
