/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Roots: what is called like one in the directories where sessions make them. Nothing is
 * opened for that but these directories, which are the administrator's.
 */
#ifndef PRIVTMP_ROOTS_H
#define PRIVTMP_ROOTS_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "policy/places.h"
#include "policy/policy.h"

struct root {
	char path[POLICY_ROOT_MAX + 1];
	uid_t owner;
	gid_t group;
	bool hinted; /* a process has named it, and nothing else */
};

struct roots {
	size_t n;
	struct root *at;      /* sorted by owner, after roots_sort */
	bool cut;	      /* there are more */
	struct share *shares; /* how many each owner has: roots.c's own */
	size_t owners;
};

enum {
	ROOTS_EACH = 1024, /* of one owner at most */
	ROOTS_OWNERS = 4096,
};

/* A user's own directory in memory, where a lease may lie. */
#define ROOTS_RUN PLACE_OF_USERS

/*
 * Finds those in the directories that SETTINGS, the configuration and the environment
 * name.
 */
void roots_find(const struct settings *settings, struct roots *roots);

/* Adds one that a process has named, unless it is there or there are too many. */
void roots_hint(struct roots *roots, const char *path, uid_t owner, gid_t group);

/* Puts each owner's together. */
void roots_sort(struct roots *roots);

/* Calls FN for each user who has a directory in ROOTS_RUN, or for the caller alone. */
void roots_each_run(void (*fn)(void *arg, uid_t uid, gid_t gid), void *arg);

/* Calls FN for each root's path in DIR. */
void roots_each(const char *dir, void (*fn)(void *arg, const char *path), void *arg);

/* Whether PATH is a root's, with nothing in it that would break a lease's lines. */
bool roots_is_path(const char *path);

#endif
