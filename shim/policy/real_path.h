/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The name of a directory without links. */
#ifndef PRIVTMP_REAL_PATH_H
#define PRIVTMP_REAL_PATH_H

#include <stddef.h>

/*
 * Where the plain PATH contains a link: writes the kernel's name of the directory that
 * it leads to to OUT, and returns its length. 0 where it contains no link, or leads to
 * no directory.
 */
size_t policy_real_path(const char *path, char *out, size_t size);

/* The same for a PATH without a link, too. */
size_t policy_kernel_path(const char *path, char *out, size_t size);

#endif
