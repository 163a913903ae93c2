/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What of its own a process starts from below a guarded directory: its working
 * directory, and the shim itself. A directory there that is the caller's and closed to
 * others' writing stays as it is, as a shared path; one that others can write to is
 * refused.
 */
#ifndef PRIVTMP_OWN_H
#define PRIVTMP_OWN_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

/*
 * Looks where the process stands and where its shim lies, and adds lines to the text of
 * POLICY at *AT, of which *LEFT bytes are left. 0, or -E2BIG where there is no room.
 */
int own_plan(const struct policy *policy, char **at, size_t *left);

/* Where own_plan has found the working directory to be. */
enum own_cwd {
	OWN_ELSEWHERE,
	OWN_GUARDED, /* a guarded directory itself, or something below one */
	OWN_OPEN,    /* below one, and others can write to it */
};
enum own_cwd own_cwd(void);

/* Whether others could have put another in the shim's place; its path. */
const char *own_shim_open(void);

/*
 * Whether PATH (LEN bytes), which is there and may be below a guarded directory, or
 * something on the way to it, is others' to write or to exchange.
 */
bool own_is_open(const char *path, size_t len);

/* Where the shim lies, as far as the caller knows; else it is looked for. */
void own_shim_is(const char *path);

#endif
