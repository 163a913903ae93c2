/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * errno, where there may be none. A child whose block for libc's thread-locals is empty, as
 * sandboxes make them, makes calls as others do: libc writes errno relative to the thread's
 * register, but what its function tells of the place is read from the block, and leads near
 * address 0 then. For such a child errno is a word of the shim's own.
 */
#ifndef PRIVTMP_ERRNO_PLACE_H
#define PRIVTMP_ERRNO_PLACE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/compiler.h"

extern int errno_of_none PRIVTMP_HIDDEN;

/* Whether a program can have something at AT. Before 0, addresses are the kernel's. */
static inline bool errno_can_be(const int *at)
{
#if UINTPTR_MAX > UINT32_MAX
	return (intptr_t)at >= 0x10000;
#else
	return (uintptr_t)at + 0x2000 >= 0x12000;
#endif
}

static inline int *errno_place(void)
{
	int *at = __errno_location();

	return likely(errno_can_be(at)) ? at : &errno_of_none;
}

static inline bool errno_is_none(void)
{
	return errno_place() == &errno_of_none;
}

#undef errno
#define errno (*errno_place())

#endif
