/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names of roots: this file alone makes and recognizes them.
 *
 *     /tmp/.privtmp-<id>            the root: 22 base62 digits of 128 random bits
 *     /tmp/.privtmp-<id>/<secret>   the prefix: 11 digits of 64 more
 *
 * Once a root exists, anyone can list its name, but not the secret. If a cleaner
 * removes the root and a stranger makes another one with its name, every guarded path
 * fails.
 */
#ifndef PRIVTMP_ROOT_NAME_H
#define PRIVTMP_ROOT_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define ROOT_BEGIN ".privtmp-"
enum { ROOT_ID = 22, ROOT_SECRET = 11, ROOT_NAME = sizeof ROOT_BEGIN - 1 + ROOT_ID };

/* Whether NAME is ".privtmp-<id>". */
bool root_name_is(const char *name);

/* Whether the LEN bytes at PATH are an absolute plain path that ends in such a name. */
bool root_path_is(const char *path, size_t len);

/* Whether the LEN bytes at PATH are a root's path with a secret behind it. */
bool root_prefix_is(const char *path, size_t len);

/*
 * Write the prefix of a root in the directory DIR (LEN bytes) to OUT (SIZE bytes): of a
 * new root; or of the one at which all meet who are given DIR, which is closed to
 * others. 0, -ENAMETOOLONG, or an error of getrandom(2).
 */
int root_prefix_new(const char *dir, size_t len, char *out, size_t size);
int root_prefix_meeting(const char *dir, size_t len, char *out, size_t size);

#endif
