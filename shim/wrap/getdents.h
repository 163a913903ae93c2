/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Listing by getdents64(2). */
#ifndef PRIVTMP_GETDENTS_H
#define PRIVTMP_GETDENTS_H

#include <stddef.h>

typedef long getdents_call(int fd, void *room, size_t size);

/* Makes CALL; a guarded directory's first entries are followed by its shared names. */
long getdents_list(getdents_call *call, int fd, void *room, size_t size);

#endif
