/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names and groups of users. getpwuid(3) is not used, because privtmp is static where
 * possible: the NSS modules that it would load, also by LD_LIBRARY_PATH, need their own
 * libc. Users who are not in /etc/passwd are looked up by getent(1) and id(1), in a
 * clean environment.
 */
#ifndef PRIVTMP_USERS_H
#define PRIVTMP_USERS_H

#include <pwd.h>
#include <sys/types.h>

/* The entry of the user, valid until the next call; NULL: none. */
const struct passwd *user_of(uid_t uid);

/* Sets the groups of the user NAME, and GID. 0, or -1 with errno. */
int user_take_groups(const char *name, gid_t gid);

#endif
