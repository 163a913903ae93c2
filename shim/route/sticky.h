/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What stays shared, others can get at: what the kernel refuses there by its
 * fs.protected_symlinks, _regular and _fifos is refused whatever those are set to.
 */
#ifndef PRIVTMP_STICKY_H
#define PRIVTMP_STICKY_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/view.h"

/*
 * Whether a call may go along the shared PATH (LEN bytes), of which what is below
 * the guarded directory begins at INSIDE. CREATE: it may make the last component.
 * 0, or -EACCES. What cannot be looked at is the kernel's to refuse.
 */
int sticky_check(const char *path, size_t len, size_t inside, enum follow follow,
		 bool create);

/* Whether the link at LINK (LEN bytes), a shared path, may be followed: the same. */
int sticky_check_link(const char *link, size_t len);

#endif
