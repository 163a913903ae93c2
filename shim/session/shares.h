/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What there is, at this moment, of a policy's shared paths. */
#ifndef PRIVTMP_SHARES_H
#define PRIVTMP_SHARES_H

#include <stddef.h>

#include "policy/policy.h"

/* PATH (LEN bytes, with an end) is a shared one, open as FD (O_PATH), no link. 0 goes on. */
typedef int share_fn(void *arg, const char *path, size_t len, int fd);

/*
 * Calls FN for each shared path that is there: the topmost that a pattern matches, to
 * which no link leads. Of a "**" only what stands before it is found: there may be
 * anything behind. What is in the guarded directories was made by anyone: no more than
 * SHARES_MOST are looked for. 0, or what FN has returned.
 */
int shares_each(const struct policy *policy, share_fn *fn, void *arg);

enum { SHARES_MOST = 8192 };

#endif
