/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Own directories: where a process starts, and where the shim lies, if that is below a
 * guarded directory. One that is the caller's, and that others cannot write to, becomes
 * a shared path. One that others can write to is refused.
 */
#ifndef PRIVTMP_OWN_H
#define PRIVTMP_OWN_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

/*
 * Finds the working directory and the shim, and adds lines to the text of POLICY at
 * *AT, of which *LEFT bytes are left. 0, or -E2BIG where there is no room.
 */
int own_plan(const struct policy *policy, char **at, size_t *left);

/* Where own_plan found the working directory. */
enum own_cwd {
	OWN_ELSEWHERE,
	OWN_GUARDED, /* a guarded directory itself, or something below one */
	OWN_OPEN,    /* below one, and others can write to it */
};
enum own_cwd own_cwd(void);

/* The path of the shim, where others could have replaced it; else NULL. */
const char *own_shim_open(void);

/*
 * Whether others can write to or replace PATH (LEN bytes), which exists, or a directory
 * on the way to it, if that is below a guarded directory.
 */
bool own_is_open(const char *path, size_t len);

/* Sets the path of the shim; without a call it is looked up. */
void own_shim_is(const char *path);

/*
 * The path of the shim, as the dynamic linker has it; NULL: it knows none. The look-up, which
 * takes a few KiB of the stack where libc is bound lazily, is made once.
 */
const char *own_shim(void);

#endif
