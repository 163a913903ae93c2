/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What procfs says of mounts below a guarded directory. */
#ifndef PRIVTMP_MOUNTS_H
#define PRIVTMP_MOUNTS_H

#include <string.h>

#include "policy/text.h"

/* Whether PATH may name procfs's list of mounts. */
static inline int mounts_named(const char *path)
{
	const char *name = text_base(path);

	return name[0] == 'm' && (!strcmp(name, "mounts") || !strcmp(name, "mountinfo") ||
				  !strcmp(name, "mountstats") || !strcmp(name, "mtab"));
}

/*
 * FD was opened just now by such a name. Where procfs calls a mount by its backing's name,
 * it becomes one of a copy, by the view's. Keeps errno.
 */
void mounts_show(int fd);
/* The same of a stream, which has read nothing yet. */
void mounts_show_stream(void *stream);
/* The same for FIELD, a path that the kernel has told as procfs does; in place. */
void mounts_cut(char *field);

#endif
