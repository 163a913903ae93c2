/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Roots' names: how they are made, and how they are recognised. Nowhere else.
 *
 *     /tmp/.privtmp-<id>            the root: 22 base62 digits of 128 random bits
 *     /tmp/.privtmp-<id>/<secret>   the prefix: 11 digits of 64 more
 *
 * Anyone can list the root's name, once it is there. What lies below the secret can
 * be reached by nobody who has merely seen the root: if a cleaner removes the root
 * and a stranger makes another of its name, all that is guarded fails.
 */
#ifndef PRIVTMP_ROOT_NAME_H
#define PRIVTMP_ROOT_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define ROOT_BEGIN ".privtmp-"
enum { ROOT_ID = 22, ROOT_SECRET = 11 };

/* Whether NAME is ".privtmp-<id>". */
bool root_name_is(const char *name);

/* Whether the LEN bytes at PATH are an absolute plain path that ends so. */
bool root_path_is(const char *path, size_t len);

/* Whether the LEN bytes at PATH are a root's path with a secret behind it. */
bool root_prefix_is(const char *path, size_t len);

/*
 * Write the prefix of a root in the directory DIR (LEN bytes) to OUT (SIZE bytes):
 * of a new one, or of the one that all who are told of DIR meet at (DIR is closed to
 * all others). 0, -ENAMETOOLONG, or what getrandom(2) fails with.
 */
int root_prefix_new(const char *dir, size_t len, char *out, size_t size);
int root_prefix_meeting(const char *dir, size_t len, char *out, size_t size);

#endif
