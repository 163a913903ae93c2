/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shared paths of a policy that exist now. */
#ifndef PRIVTMP_SHARES_H
#define PRIVTMP_SHARES_H

#include <stddef.h>

#include "policy/policy.h"

/*
 * PATH (LEN bytes, terminated) is a shared path and no link, open as FD (O_PATH). 0: go
 * on.
 */
typedef int share_fn(void *arg, const char *path, size_t len, int fd);

/*
 * Calls FN for each shared path that exists: the topmost one that a pattern matches,
 * unless it is reached by a link. Of a pattern with "**" only the part before it is
 * used. Anyone can make files in guarded directories, so at most SHARES_MOST are
 * visited. 0, or what FN returned.
 */
int shares_each(const struct policy *policy, share_fn *fn, void *arg);

enum { SHARES_MOST = 8192 };

#endif
