/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What open(2)'s flags say about the path. */
#ifndef PRIVTMP_OPEN_FLAGS_H
#define PRIVTMP_OPEN_FLAGS_H

#include <fcntl.h>

#include "route/route.h"

static inline enum follow follow_open(int flags)
{
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return PARENT;
	if (flags & O_NOFOLLOW)
		return flags & O_CREAT ? CREATE_NOFOLLOW : NOFOLLOW;
	return flags & O_CREAT ? CREATE : FOLLOW;
}

/* A directory's descriptor may be used to write later on. */
static inline unsigned intent_open(int flags)
{
	return flags & (O_CREAT | O_TRUNC | O_ACCMODE | O_DIRECTORY | O_PATH) ?
		       ROUTE_WRITE :
		       ROUTE_READ;
}

#endif
