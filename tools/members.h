/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which processes have a lease mapped, as the shim has it, or open, as programs have it
 * that the shim cannot get into. What a process's map says of names is no more than a
 * hint where to look: whose lease it is, the file's device and inode say.
 */
#ifndef PRIVTMP_MEMBERS_H
#define PRIVTMP_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "policy/policy.h"

/* A file as statx(2) knows it, or a process's map (some file systems have two numbers). */
struct file_id {
	uint64_t device, inode;
};

static inline bool file_same(struct file_id a, struct file_id b)
{
	return a.inode && a.inode == b.inode && a.device == b.device;
}

/* A process that has a file called "lease" in a directory called like a root. */
struct seen {
	pid_t pid;
	uid_t uid; /* effective */
	gid_t gid;
	bool mapped; /* .lease is as a map has it */
	bool locks;  /* its descriptor holds a lock */
	struct file_id lease;
	struct file_id root; /* where it says that it is a helper: of that root */
	char path[POLICY_ROOT_MAX +
		  1]; /* the root's, as it says; empty: none that can be */
	char command[128];
};

struct seens {
	size_t n;
	struct seen *at;
	bool cut;
};

/* Finds them all, or those of PID (0: all). Bounded in time, user by user. */
void members_find(pid_t pid, int seconds, struct seens *seens);

/* The file FD as a process's map has it; {0, 0} where that cannot be told. */
struct file_id members_map_id(int fd);

/* Whether a process of UID that this one may look at names the root PATH as its own. */
bool members_name(const char *path, uid_t uid);

/* Whether one of UID's, other than this one and helpers, is in the session of PATH. */
bool members_other(const char *path, uid_t uid);

#endif
