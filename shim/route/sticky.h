/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Others can write to shared directories. There the shim refuses what the kernel's
 * fs.protected_symlinks, _regular, _fifos and _hardlinks refuse, whatever these are set to.
 */
#ifndef PRIVTMP_STICKY_H
#define PRIVTMP_STICKY_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/view.h"

struct statx;

/* Whether a thread has used setfsuid(2). */
extern bool sticky_by_fsuid __attribute__((visibility("hidden")));

/*
 * Whether a call may follow the shared PATH (LEN bytes), whose part below the guarded
 * directory begins at INSIDE. CREATE: the call may create the last component. 0; 1
 * where a directory is there; or -EACCES. What cannot be read is left to the kernel.
 */
int sticky_check(const char *path, size_t len, size_t inside, enum follow follow,
		 bool create);

/*
 * Whether a call may use WHAT, in the directory DIR. LAST: it is the last component;
 * FOLLOWS: the call follows a link there; CREATE: it may create the file.
 */
int sticky_judge(const struct statx *what, const struct statx *dir, bool last,
		 bool follows, bool create);

/* Whether a hard link to WHAT, open as FD, may be made. */
int sticky_source(int fd, const struct statx *what);

#endif
