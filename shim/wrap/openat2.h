/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* openat2(2), whichever way it is called. */
#ifndef PRIVTMP_OPENAT2_H
#define PRIVTMP_OPENAT2_H

#include <stddef.h>

#include "core/newer.h"

/* Calls the kernel: by number, or by libc's function. */
typedef long openat2_call(int dirfd, const char *path, const struct open_how *how,
			  size_t size);

/*
 * Opens what the program means by these arguments, which are its own and unchecked. CALL
 * is called at most once. Returns what it returned, or -1 with errno set.
 */
long openat2_open(openat2_call *call, int dirfd, const char *path,
		  const struct open_how *how, size_t size);

#endif
