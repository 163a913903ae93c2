/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names and groups of users. Not by getpwuid(3), because privtmp is static where it can
 * be: what it would load for that, by LD_LIBRARY_PATH too, fits no other libc. Who is
 * not in /etc/passwd is asked for by getent(1) and id(1), with an environment of ours.
 */
#ifndef PRIVTMP_USERS_H
#define PRIVTMP_USERS_H

#include <stdbool.h>
#include <sys/types.h>

enum { USER_NAME = 256 };

struct user {
	char name[USER_NAME];
	gid_t gid;
};

/* Whether there is a user of that id. */
bool user_find(uid_t uid, struct user *user);

/* Takes on USER's groups, as initgroups(3) does. 0, or -1 with errno. */
int user_take_groups(const struct user *user);

#endif
