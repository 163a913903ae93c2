/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of one directory. */
#ifndef PRIVTMP_REAL_PATH_H
#define PRIVTMP_REAL_PATH_H

#include <stddef.h>

/*
 * Where the plain PATH has a link in it: writes the name of the directory that it leads
 * to to OUT, and returns its length. 0 where it has none, or leads to none.
 */
size_t policy_real_path(const char *path, char *out, size_t size);

/* The same for any PATH. */
size_t policy_kernel_path(const char *path, char *out, size_t size);

#endif
