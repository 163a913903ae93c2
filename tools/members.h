/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Processes that have a lease mapped, as the shim does, or open, as programs without
 * the shim do. The path in a map is only a hint: device and inode tell whose lease it
 * is.
 */
#ifndef PRIVTMP_MEMBERS_H
#define PRIVTMP_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/newer.h"
#include "policy/policy.h"
#include "session/root_name.h"

/* A file by statx(2), or by a process's map (on some file systems the numbers differ). */
struct file_id {
	uint64_t device, inode;
};

struct file_id file_id_of(const struct statx *st);

static inline bool file_same(struct file_id a, struct file_id b)
{
	return a.inode && a.inode == b.inode && a.device == b.device;
}

/*
 * A process with a file "lease" in a directory named like a root, or with mounts of what is
 * in such a directory.
 */
struct seen {
	pid_t pid;
	uid_t uid; /* effective */
	gid_t gid;
	bool mapped; /* .lease is from a map */
	bool locks;  /* its descriptor holds a lock */
	bool mounts; /* it is in by the mount door, or keeps one's namespace */
	struct file_id lease;
	struct file_id root; /* the root of which it claims to be the helper */
	char path[POLICY_ROOT_MAX +
		  1]; /* the root's, as it says; empty: none that can be */
	char shown[ROOT_NAME +
		   1]; /* the root that its mounts show; then there is no lease */
	char command[128];
};

struct seens {
	size_t n;
	struct seen *at;
	bool cut;    /* there are more */
	bool failed; /* they could not be looked for; that has been reported */
};

/* Finds all, or those of PID (0: all). Bounded in time for each user. */
void members_find(pid_t pid, int seconds, struct seens *seens);

/* The file FD as a process's map shows it; {0, 0} where unknown. */
struct file_id members_map_id(int fd);

/* Whether a readable process of UID names the root PATH. */
bool members_name(const char *path, uid_t uid);

/* Whether a process of UID, other than this one and helpers, is in the session of PATH. */
bool members_other(const char *path, uid_t uid);

#endif
