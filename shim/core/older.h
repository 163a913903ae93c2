/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ways without what a kernel or a filter may lack. Each returns what the call
 * itself would have, and is called by sys.c only, which tries that first.
 */
#ifndef PRIVTMP_OLDER_H
#define PRIVTMP_OLDER_H

#include <errno.h>
#include <stdbool.h>

#include "core/sys.h"

/*
 * Whether a call that gave RET is missing. EPERM is a filter's word unless the file
 * itself is refused, as one that is immutable is: then the old call says so again.
 */
static inline bool older_wanted(long ret)
{
	return ret == -ENOSYS || ret == -EPERM;
}

/* statx(2), by fstatat(2): nothing is known of attributes and of the birth. */
int older_statx(int dirfd, const char *path, int flags, struct statx *out);

/* faccessat2(2) with AT_EACCESS. */
int older_access(const char *path, int want);

/* close_range(2) from FROM to the end. */
void older_close_from(int from);

/* getrandom(2): see older_random.c. */
ssize_t older_random(void *buf, size_t size);

#endif
