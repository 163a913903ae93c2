/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /etc/ld.so.cache: where ldconfig has found which library. */
#ifndef PRIVTMP_BINARY_LD_CACHE_H
#define PRIVTMP_BINARY_LD_CACHE_H

/* The next place of the library NAME, from *AT on, which begins at 0; NULL: no more. */
const char *ld_cache_next(const char *name, unsigned *at);

#endif
