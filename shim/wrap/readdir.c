/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Directory streams: readdir(3), scandir(3) and the like; see listing.h. */
#define _GNU_SOURCE
#include "wrap/listing.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <dirent.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_dot(const char *name)
{
	return name[0] == '.' && !name[1];
}

/* Writes the next shared name to ENTRY, of TYPE. False: there is none. */
#define PUT_NEXT(kind) \
	static bool put_##kind(struct listing *l, struct kind *entry) \
	{ \
		struct listed next; \
		int saved = errno; \
		bool found = listing_next(l, &next); \
		errno = saved; \
		if (!found) \
			return false; \
		memset(entry, 0, sizeof *entry); \
		entry->d_ino = (__typeof__(entry->d_ino))next.inode; \
		entry->d_off = next.cookie; \
		entry->d_reclen = sizeof *entry; \
		entry->d_type = next.type; \
		strcpy(entry->d_name, next.name); \
		return true; \
	}

/* After the stream's own entries come the shared ones. */
#define READDIR(name, type) \
	WRAP(struct type *, name, void *dir); \
	static __attribute__((noinline)) struct type *listed_##name(void *dir, \
								    struct listing *l) \
	{ \
		struct type *entry = listing_room(l); \
		_Static_assert(sizeof *entry <= LISTING_ROOM, "room for it"); \
		if (!listing_beyond(l)) { \
			int saved = errno; \
			errno = 0; \
			struct type *own = REAL(name)(dir); \
			if (own || errno) { \
				errno = errno ? errno : saved; \
				return own; \
			} \
			errno = saved; \
			listing_begin(l); \
		} \
		return put_##type(l, entry) ? entry : NULL; \
	} \
	struct type *pt_##name(void *dir) \
	{ \
		struct listing *l = unlikely(listing_count) ? listing_of(dir) : NULL; \
		struct type *entry; \
		if (unlikely(l)) \
			return listed_##name(dir, l); \
		entry = REAL(name)(dir); \
		if (entry && unlikely(is_dot(entry->d_name))) \
			listing_look(dir, entry->d_ino); \
		return entry; \
	}

#define READDIR_R(name, type) \
	WRAP(int, name, void *dir, struct type *entry, struct type **result); \
	int pt_##name(void *dir, struct type *entry, struct type **result) \
	{ \
		struct listing *l = listing_of(dir); \
		int error = 0; \
		if (!l || !listing_beyond(l)) { \
			error = REAL(name)(dir, entry, result); \
			if (!error && *result && is_dot(entry->d_name)) \
				listing_look(dir, entry->d_ino); \
			if (error || *result || !l) \
				return error; \
			listing_begin(l); \
		} \
		*result = put_##type(l, entry) ? entry : NULL; \
		return 0; \
	}

PUT_NEXT(dirent)
READDIR(readdir, dirent)
READDIR_R(readdir_r, dirent)

#ifdef __GLIBC__
PUT_NEXT(dirent64)
READDIR(readdir64, dirent64)
READDIR_R(readdir64_r, dirent64)
#else
/* The same function by another name. */
WRAP(struct dirent *, readdir64, void *dir);

struct dirent *pt_readdir64(void *dir)
{
	return pt_readdir(dir);
}

WRAP(int, readdir64_r, void *dir, struct dirent *entry, struct dirent **result);

int pt_readdir64_r(void *dir, struct dirent *entry, struct dirent **result)
{
	return pt_readdir_r(dir, entry, result);
}
#endif

WRAP(long, telldir, void *dir);

long pt_telldir(void *dir)
{
	struct listing *l = listing_of(dir);

	return l && listing_beyond(l) ? listing_tell(l) : REAL(telldir)(dir);
}

WRAP(void, seekdir, void *dir, long place);

void pt_seekdir(void *dir, long place)
{
	struct listing *l = listing_of(dir);

	if (!l || !listing_seek(l, place))
		REAL(seekdir)(dir, place);
}

WRAP(void, rewinddir, void *dir);

void pt_rewinddir(void *dir)
{
	struct listing *l = listing_of(dir);

	if (l)
		listing_seek(l, 0);
	REAL(rewinddir)(dir);
}

WRAP(int, closedir, void *dir);

int pt_closedir(void *dir)
{
	struct listing *l = listing_of(dir);

	if (l)
		listing_end(l);
	return REAL(closedir)(dir);
}

/* -- scandir: libc's own reads the stream where no wrapper sees it -- */

/* Whether PATH, by its words, leads to no guarded directory. */
static bool lists_elsewhere(int fd, const char *path)
{
	return view_passes_at(fd, path) &&
	       (path[0] == '/' || (fd == AT_FDCWD && !pt_view.cwd_inside));
}

#define SCAN(kind, read_call) \
	typedef int filter_##kind(const struct kind *entry); \
	static struct kind *copy_##kind(const struct kind *entry) \
	{ \
		const size_t size = \
			offsetof(struct kind, d_name) + strlen(entry->d_name) + 1; \
		struct kind *copy = malloc(size > sizeof *copy ? size : sizeof *copy); \
		return copy ? memcpy(copy, entry, size) : NULL; \
	} \
	static int scan_##kind(void *dir, struct kind ***list, filter_##kind *filter, \
			       void *compare) \
	{ \
		struct kind **found = NULL, **more; \
		struct kind *entry; \
		size_t n = 0, room = 0; \
		int saved = errno; \
		while (errno = 0, (entry = read_call(dir))) { \
			if (filter && !filter(entry)) \
				continue; \
			if (n == room) { \
				room = room ? 2 * room : 16; \
				more = realloc(found, room * sizeof *found); \
				if (!more) \
					break; \
				found = more; \
			} \
			found[n] = copy_##kind(entry); \
			if (!found[n]) \
				break; \
			n++; \
		} \
		if (entry || errno) { \
			int error = entry ? ENOMEM : errno; \
			while (n) \
				free(found[--n]); \
			free(found); \
			pt_closedir(dir); \
			errno = error; \
			return -1; \
		} \
		pt_closedir(dir); \
		if (compare && n) \
			qsort(found, n, sizeof *found, \
			      (int (*)(const void *, const void *))compare); \
		errno = saved; \
		*list = found; \
		return (int)n; \
	}

#define SCANDIR(name, at_name, kind) \
	WRAP(int, name, const char *path, void *list, void *filter, void *compare); \
	int pt_##name(const char *path, void *list, void *filter, void *compare) \
	{ \
		void *dir; \
		if (lists_elsewhere(AT_FDCWD, path)) \
			return REAL(name)(path, list, filter, compare); \
		dir = opendir(path); \
		return dir ? scan_##kind(dir, list, (filter_##kind *)filter, compare) : \
			     -1; \
	} \
	WRAP(int, at_name, int fd, const char *path, void *list, void *filter, \
	     void *compare); \
	int pt_##at_name(int fd, const char *path, void *list, void *filter, \
			 void *compare) \
	{ \
		void *dir; \
		int own; \
		if (lists_elsewhere(fd, path)) \
			return REAL(at_name)(fd, path, list, filter, compare); \
		own = openat(fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK); \
		dir = own < 0 ? NULL : LIBC(fdopendir)(own); \
		if (dir) \
			return scan_##kind(dir, list, (filter_##kind *)filter, compare); \
		if (own >= 0) \
			sys_close(own); \
		return -1; \
	}

SCAN(dirent, pt_readdir)
SCANDIR(scandir, scandirat, dirent)
#ifdef __GLIBC__
SCAN(dirent64, pt_readdir64)
SCANDIR(scandir64, scandirat64, dirent64)
#else
SCANDIR(scandir64, scandirat64, dirent)
#endif
