/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sockets, shared memory, libraries. */
#define _GNU_SOURCE
#include "audit/by_number.h"
#include "audit/outer.h"
#include "wrap/sun_path.h"

#include <limits.h>

/* -- Sockets -- */

OUTER(int, bind, int fd, const void *address, unsigned len);
OUTER(int, connect, int fd, const void *address, unsigned len);

#define SOCKET_OUTER(name) \
	int audit_##name(uintptr_t site, int fd, const void *address, unsigned len) \
	{ \
		struct point p; \
		char path[ADDRESS_PATH + 1]; \
		int ret; \
		if (likely(!pt_trace) || !address_is_path(address, len)) \
			return pt_##name(fd, address, len); \
		address_path(address, len, path); \
		point_begin(&p, CALL_##name, site, AT_FDCWD, path); \
		ret = pt_##name(fd, address, len); \
		point_end(&p, ret < 0, ret, false); \
		return ret; \
	} \
	int au_##name(int fd, const void *address, unsigned len) \
	{ \
		return audit_##name(POINT_SITE, fd, address, len); \
	}

SOCKET_OUTER(bind)
SOCKET_OUTER(connect)

/* -- Names that libc and the kernel keep in directories of their own -- */

enum { SHARED_NAME = 16 + NAME_MAX };

/* The path of NAME in DIR. */
static const char *shared_name(const char *dir, const char *name, char out[SHARED_NAME])
{
	if (!name || view_length(name) < 0)
		return NULL;
	while (*name == '/')
		name++;
	if (!*name || strlen(name) >= NAME_MAX || strchr(name, '/'))
		return NULL;
	text_put(text_put(out, dir), name);
	return out;
}

static const char shm[] = "/dev/shm/", sem[] = "/dev/shm/sem.", mq[] = "/dev/mqueue/";

OUTER(int, shm_open, const char *name, int flags, unsigned mode);

int au_shm_open(const char *name, int flags, unsigned mode)
{
	struct point p;
	char room[SHARED_NAME];
	int fd;

	if (likely(!pt_trace))
		return pt_shm_open(name, flags, mode);
	point_begin(&p, CALL_shm_open, POINT_SITE, AT_FDCWD,
		    shared_name(shm, name, room));
	p.a = (unsigned)flags;
	p.b = flags & O_CREAT ? mode : 0;
	fd = pt_shm_open(name, flags, mode);
	point_end(&p, fd < 0, fd, true);
	return fd;
}

OUTER(int, mq_open, const char *name, int flags, unsigned mode, void *attributes);

int au_mq_open(const char *name, int flags, unsigned mode, void *attributes)
{
	struct point p;
	char room[SHARED_NAME];
	int fd;

	if (likely(!pt_trace))
		return pt_mq_open(name, flags, mode, attributes);
	point_begin(&p, CALL_mq_open, POINT_SITE, AT_FDCWD, shared_name(mq, name, room));
	p.a = (unsigned)flags;
	p.b = flags & O_CREAT ? mode : 0;
	fd = pt_mq_open(name, flags, mode, attributes);
	point_end(&p, fd < 0, fd, true);
	return fd;
}

OUTER(void *, sem_open, const char *name, int flags, unsigned mode, unsigned value);

void *au_sem_open(const char *name, int flags, unsigned mode, unsigned value)
{
	struct point p;
	char room[SHARED_NAME];
	void *ret;

	if (likely(!pt_trace))
		return pt_sem_open(name, flags, mode, value);
	point_begin(&p, CALL_sem_open, POINT_SITE, AT_FDCWD,
		    shared_name(sem, name, room));
	p.a = (unsigned)flags;
	p.b = flags & O_CREAT ? mode : 0;
	ret = pt_sem_open(name, flags, mode, value);
	point_end(&p, !ret, 0, false);
	return ret;
}

#define UNLINK_OUTER(function, dir) \
	OUTER(int, function, const char *name); \
	int au_##function(const char *name) \
	{ \
		struct point p; \
		char room[SHARED_NAME]; \
		int ret; \
		if (likely(!pt_trace)) \
			return pt_##function(name); \
		point_begin(&p, CALL_##function, POINT_SITE, AT_FDCWD, \
			    shared_name(dir, name, room)); \
		ret = pt_##function(name); \
		point_end(&p, ret < 0, ret, false); \
		return ret; \
	}

UNLINK_OUTER(shm_unlink, shm)
UNLINK_OUTER(sem_unlink, sem)
UNLINK_OUTER(mq_unlink, mq)

/* -- Libraries -- */

OUTER(void *, dlopen, const char *file, int mode);

/*
 * Recorded before the call, which must be a tail call: the linker uses its caller's
 * address.
 */
static __attribute__((noinline)) void before_dlopen(const char *file, int mode,
						    uintptr_t site)
{
	struct point p;

	trace_modules_moved();
	if (!file || !strchr(file, '/') || !point_wanted(AT_FDCWD, file))
		return;
	if (!point_begin(&p, CALL_dlopen, site, AT_FDCWD, file))
		return;
	p.a = (unsigned)mode;
	point_before(&p);
}

JUMPS void *au_dlopen(const char *file, int mode)
{
	if (unlikely(pt_trace != NULL))
		before_dlopen(file, mode, POINT_SITE);
	return pt_dlopen(file, mode);
}

/* -- Going somewhere -- */

OUTER(int, fchdir, int fd);

int au_fchdir(int fd)
{
	int ret = pt_fchdir(fd);

	watch_moved();
	return ret;
}
