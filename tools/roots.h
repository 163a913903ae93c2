/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Roots: entries that are named like one in the directories where sessions make them.
 * Only these directories are opened, which belong to the administrator.
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
	bool hinted; /* only a process has named it */
};

struct roots {
	size_t n;
	struct root *at;      /* sorted by owner, after roots_sort */
	bool cut;	      /* there are more */
	int error;	      /* errno of directories that could not be read; reported */
	struct share *shares; /* count for each owner; private */
	size_t owners;
};

enum {
	ROOTS_EACH = 1024, /* of one owner at most */
	ROOTS_OWNERS = 4096,
};

/* Each user's own directory in memory, where a lease may lie. */
#define ROOTS_RUN PLACE_OF_USERS

/*
 * Finds the roots in the directories that SETTINGS, the configuration and the
 * environment name.
 */
void roots_find(const struct settings *settings, struct roots *roots);

/* Adds a root that a process has named, unless it is known or there are too many. */
void roots_hint(struct roots *roots, const char *path, uid_t owner, gid_t group);

/* Sorts by owner. Of too many owners those with the lowest numbers are left. */
void roots_sort(struct roots *roots);

/*
 * Calls FN for each user who has a directory in ROOTS_RUN, or for the caller alone. If
 * that cannot be read, ROOTS tells.
 */
void roots_each_run(struct roots *roots, void (*fn)(void *arg, uid_t uid, gid_t gid),
		    void *arg);

/* Calls FN for each root's path in DIR. 0, also where DIR is not there, or -errno. */
int roots_each(const char *dir, void (*fn)(void *arg, const char *path), void *arg);

/* Whether PATH is a root's, without characters that would break a lease's lines. */
bool roots_is_path(const char *path);

#endif
