/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* open(2) and its many names: one path, and a mode that may not be there. */
#define _GNU_SOURCE
#include "open.h"
#include "wrap.h"

#include <linux/openat2.h>
#include <stdarg.h>

/* open(2): only then has the caller passed a mode. */
static inline bool takes_mode(int flags)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

typedef int open_fn(const char *, int, ...);
typedef int openat_fn(int, const char *, int, ...);

static __attribute__((noinline)) int routed_open(open_fn *real,
						 const char *path, int flags,
						 unsigned mode)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, follow_open(flags),
			     intent_open(flags))];

	if (route_go(&r, room) < 0)
		return -1;

	int ret = real(r.path, flags, mode);

	route_end(&r);
	return ret;
}

static __attribute__((noinline)) int quick_open(open_fn *real,
						 const char *path, int flags,
						 unsigned mode)
{
	char room[ROUTE_QUICK];
	const char *to = route_quick(room, path, view_scan(path),
				     intent_open(flags));

	if (likely(to))
		return real(to, flags, mode);
	return routed_open(real, path, flags, mode);
}

static __attribute__((noinline)) int routed_openat(openat_fn *real, int fd,
						   const char *path, int flags,
						   unsigned mode)
{
	struct route r;
	char room[route_plan(&r, fd, path, follow_open(flags),
			     intent_open(flags))];

	if (route_go(&r, room) < 0)
		return -1;

	int ret = real(fd, r.path, flags, mode);

	route_end(&r);
	return ret;
}

static __attribute__((noinline)) int quick_openat(openat_fn *real, int fd,
						   const char *path, int flags,
						   unsigned mode)
{
	char room[ROUTE_QUICK];
	const char *to = route_quick(room, path, view_scan(path),
				     intent_open(flags));

	if (likely(to))
		return real(fd, to, flags, mode);
	return routed_openat(real, fd, path, flags, mode);
}

#define OPEN(name) \
	WRAP(int, name, const char *path, int flags, ...); \
	int pt_##name(const char *path, int flags, ...) \
	{ \
		unsigned mode = 0; \
		if (takes_mode(flags)) { \
			va_list list; \
			va_start(list, flags); \
			mode = va_arg(list, unsigned); \
			va_end(list); \
		} \
		if (likely(view_passes(path))) \
			return REAL(name)(path, flags, mode); \
		return quick_open(REAL(name), path, flags, mode); \
	}

#define OPENAT(name) \
	WRAP(int, name, int fd, const char *path, int flags, ...); \
	int pt_##name(int fd, const char *path, int flags, ...) \
	{ \
		unsigned mode = 0; \
		if (takes_mode(flags)) { \
			va_list list; \
			va_start(list, flags); \
			mode = va_arg(list, unsigned); \
			va_end(list); \
		} \
		if (likely(view_passes(path))) \
			return REAL(name)(fd, path, flags, mode); \
		return quick_openat(REAL(name), fd, path, flags, mode); \
	}

OPEN(open)
#ifdef HAVE_open64
OPEN(open64)
#endif
#ifdef HAVE___open
OPEN(__open)
#endif
#ifdef HAVE___open64
OPEN(__open64)
#endif
OPENAT(openat)
#ifdef HAVE_openat64
OPENAT(openat64)
#endif
#ifdef HAVE___openat
OPENAT(__openat)
#endif
#ifdef HAVE___openat64
OPENAT(__openat64)
#endif

/* The fortified names take no mode: they abort where one would be needed. */
#define OPEN_2(name) \
	WRAP(int, name, const char *path, int flags); \
	int pt_##name(const char *path, int flags) \
	{ \
		if (likely(view_passes(path))) \
			return REAL(name)(path, flags); \
		return quick_open((open_fn *)(void *)REAL(name), path, \
				   flags, 0); \
	}

#define OPENAT_2(name) \
	WRAP(int, name, int fd, const char *path, int flags); \
	int pt_##name(int fd, const char *path, int flags) \
	{ \
		if (likely(view_passes(path))) \
			return REAL(name)(fd, path, flags); \
		return quick_openat((openat_fn *)(void *)REAL(name), fd, \
				     path, flags, 0); \
	}

#ifdef HAVE___open_2
OPEN_2(__open_2)
#endif
#ifdef HAVE___open64_2
OPEN_2(__open64_2)
#endif
#ifdef HAVE___openat_2
OPENAT_2(__openat_2)
#endif
#ifdef HAVE___openat64_2
OPENAT_2(__openat64_2)
#endif

#define CREAT(name) \
	WRAP(int, name, const char *path, unsigned mode); \
	int pt_##name(const char *path, unsigned mode) \
	{ \
		struct route r; \
		if (likely(view_passes(path))) \
			return REAL(name)(path, mode); \
		char quick[ROUTE_QUICK]; \
		const char *to = route_quick(quick, path, view_scan(path), \
					     ROUTE_WRITE); \
		if (likely(to)) \
			return REAL(name)(to, mode); \
		char room[route_plan(&r, AT_FDCWD, path, CREATE, \
				     ROUTE_WRITE)]; \
		if (route_go(&r, room) < 0) \
			return -1; \
		int ret = REAL(name)(r.path, mode); \
		route_end(&r); \
		return ret; \
	}

CREAT(creat)
#ifdef HAVE_creat64
CREAT(creat64)
#endif
