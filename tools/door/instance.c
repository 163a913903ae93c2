/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Instances of inotify, of which a user may have few; see door.h. */
#define _GNU_SOURCE
#include "door/door.h"
#include "core/sys.h"

#include <errno.h>

enum { PATIENCE = 100 }; /* milliseconds */

int door_instance(int flags)
{
	int fd = (int)SYS1(SYS_inotify_init1, flags);

	for (int i = 0; fd == -EMFILE && i < PATIENCE; i++) {
		sys_moment();
		fd = (int)SYS1(SYS_inotify_init1, flags);
	}
	return fd;
}
