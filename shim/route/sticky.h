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

struct statx;

/* Whether some thread has had another user for files than its effective one. */
extern bool sticky_by_fsuid __attribute__((visibility("hidden")));

/*
 * Whether a call may go along the shared PATH (LEN bytes), of which what is below
 * the guarded directory begins at INSIDE. CREATE: it may make the last component.
 * 0, 1 where a directory is there, or -EACCES. What cannot be looked at is the kernel's to refuse.
 */
int sticky_check(const char *path, size_t len, size_t inside, enum follow follow,
		 bool create);

/*
 * Whether a call may go on by WHAT, which is in the directory DIR. LAST: at its path's
 * end; FOLLOWS: where it would follow a link; CREATE: and may make what is there.
 */
int sticky_judge(const struct statx *what, const struct statx *dir, bool last,
		 bool follows, bool create);

/* Whether a hard link to WHAT, which the descriptor FD is of, may be made. */
int sticky_source(int fd, const struct statx *what);

#endif
