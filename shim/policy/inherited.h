/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inherited directories that relative paths can start from. */
#ifndef PRIVTMP_INHERITED_H
#define PRIVTMP_INHERITED_H

#include <limits.h>
#include <linux/sched.h>
#include <stddef.h>

#include "policy/view.h"

/* What inherited_name tells. */
enum inherited {
	INHERITED_NAMED, /* the directory's name */
	INHERITED_GONE,	 /* where it was, before it was removed */
	INHERITED_BELOW, /* its own name is too long: that of a directory above */
};

/*
 * The kernel's name of the directory DIRFD, or of AT_FDCWD; not terminated. Its length, or
 * 0 where there is none.
 */
size_t inherited_name(int dirfd, char out[PATH_MAX], enum inherited *what);

/*
 * Call before clone(2) with FLAGS: a child with memory of its own may change the working
 * directory of both.
 */
static inline void view_cloning(unsigned long flags)
{
	if ((flags & (CLONE_FS | CLONE_VM)) == CLONE_FS)
		pt_view.cwd_inside = 1;
}

/*
 * Each checks once whether a relative path can start in a shared directory, by an
 * inherited descriptor or by the working directory, and calls view_exact if so.
 */
void view_know_fds(void);
void view_know_cwd(void);

#endif
