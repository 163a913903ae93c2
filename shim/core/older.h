/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Replacements for calls that a kernel or a filter may lack. Each returns what the call
 * itself would. Only sys.c calls them, after it has tried the call.
 */
#ifndef PRIVTMP_OLDER_H
#define PRIVTMP_OLDER_H

#include <errno.h>
#include <stdbool.h>

#include "core/sys.h"

/*
 * Whether a call that returned RET has to be replaced. EPERM can mean a filter or a
 * file that is refused, an immutable one for example. The replacement then returns
 * EPERM as well.
 */
static inline bool older_wanted(long ret)
{
	return ret == -ENOSYS || ret == -EPERM;
}

/* statx(2) by fstatat(2), without attributes and birth time. */
int older_statx(int dirfd, const char *path, int flags, struct statx *out);

/* faccessat2(2) with AT_EACCESS. */
int older_access(const char *path, int want);

/* close_range(2), from FROM on. */
void older_close_from(int from);

/* getrandom(2): see older_random.c. */
ssize_t older_random(void *buf, size_t size);

#endif
