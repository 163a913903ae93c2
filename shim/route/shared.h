/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shared paths, by what is there. What a member has made behind the mount door lies in
 * the backing, also where its name is one that is shared: the door can let through only
 * what was there when it opened. So root's ssh-agent, which comes in by the door, is found
 * by those who come in by the preload.
 */
#ifndef PRIVTMP_SHARED_H
#define PRIVTMP_SHARED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * As view_is_shared, for the plain absolute PATH; but false where the shared directory has
 * nothing by the name that is shared, and the backing has.
 */
bool shared_is(const char *path, size_t len, size_t inside);

#endif
