/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names and groups of users. Not by getpwuid(3), because privtmp is static where it can
 * be: what it would load for that, by LD_LIBRARY_PATH too, fits no other libc. Who is
 * not in /etc/passwd is asked for by getent(1) and id(1), with an environment of ours.
 */
#ifndef PRIVTMP_USERS_H
#define PRIVTMP_USERS_H

#include <pwd.h>
#include <sys/types.h>

/* The entry of that user, until it is asked for another; NULL: there is none. */
const struct passwd *user_of(uid_t uid);

/* Takes on the groups of the user NAME, and GID. 0, or -1 with errno. */
int user_take_groups(const char *name, gid_t gid);

#endif
