/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls by descriptor, which the plain library does not wrap. fstat of an open file is a
 * safe check, and fchmod changes a mode.
 */
#define _GNU_SOURCE
#include "audit/by_number.h"
#include "audit/outer.h"
#include "core/sys.h"

#define SEEN(name, parameters, arguments) \
	typedef int name##_fn parameters; \
	static void *real_##name; \
	int au_##name parameters WRAP_SYMBOL(#name); \
	int au_##name parameters \
	{ \
		int ret = ((name##_fn *)wrap_real(&real_##name, #name))arguments; \
		if (unlikely(pt_trace != NULL) && ret == 0) \
			point_looked(CALL_##name, POINT_SITE, fd); \
		return ret; \
	}

SEEN(fstat, (int fd, void *out), (fd, out))
SEEN(fstat64, (int fd, void *out), (fd, out))
SEEN(__fxstat, (int version, int fd, void *out), (version, fd, out))
SEEN(__fxstat64, (int version, int fd, void *out), (version, fd, out))

typedef int fchmod_fn(int fd, unsigned mode);
static void *real_fchmod;
int au_fchmod(int fd, unsigned mode) WRAP_SYMBOL("fchmod");

int audit_fchmod(uintptr_t site, int fd, unsigned mode)
{
	struct point p = { .on = false };
	char path[WATCH_PATH];
	int ret;

	if (unlikely(pt_trace != NULL) && watch_name_of(fd, path)) {
		point_begin(&p, CALL_fchmod, site, AT_FDCWD, path);
		p.b = mode;
	}
	ret = ((fchmod_fn *)wrap_real(&real_fchmod, "fchmod"))(fd, mode);
	point_end(&p, ret < 0, ret, false);
	return ret;
}

int au_fchmod(int fd, unsigned mode)
{
	return audit_fchmod(POINT_SITE, fd, mode);
}
