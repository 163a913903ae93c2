/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sessions that are there: found by their roots in the guarded
 * directories, and by the processes that hold a lease.
 */
#ifndef PRIVTMP_SESSIONS_H
#define PRIVTMP_SESSIONS_H

#include <stdbool.h>
#include <sys/types.h>

#include "look.h"
#include "session/lease.h"

struct remains;

struct found {
	char root[POLICY_ROOT_MAX + 1];
	uid_t owner;
	gid_t group;
	long long changed; /* when something was last made in the root */
	enum found_state state;
	char primary[POLICY_ROOT_MAX + 1];
	struct file_id id, lease_id, map_id; /* the root's, and the lease's */
	struct lease *lease;		     /* NULL: none that can be read */
	struct usage usage;
	struct member *members;
	bool hinted; /* a process has named it, and nothing else */
};

/* A process that has a session's very lease. */
struct member {
	pid_t pid;
	uid_t uid;
	bool mapped;	   /* else it has it open */
	char command[128]; /* its command line, as far as it goes */
	struct member *next;
};

struct sessions {
	size_t n;
	struct found *at;
	bool cut; /* not all was looked at in time */
};

/* What is asked for. */
struct query {
	const struct settings *settings;
	pid_t pid; /* only what this process is in; 0: all */
	bool usage;
	int seconds; /* for each user's; 0: the usual */
};

enum {
	SESSIONS_LOOK = 5, /* seconds */
	SESSIONS_SWEEP = 60,
};

/* Finds them all, and says in a line each what could not be looked at. */
void sessions_find(const struct query *query, struct sessions *out);

/* The one whose root is ROOT, and OWNER's, or NULL. */
struct found *sessions_at(const struct sessions *sessions, const char *root, uid_t owner);

/*
 * The live session that the process PID is in, or NULL: by a mapping, rather than a
 * descriptor. It stays what it is for good.
 */
const struct found *sessions_of(const struct settings *settings, pid_t pid);

/* Says what could not be removed from ROOT, and why. */
void session_say_left(const char *root, const struct remains *remains, int error);

/* "live", "kept", ... */
const char *found_word(enum found_state state);

/* The name of the user UID, or its number. */
char *user_name(uid_t uid, char *out, size_t size);

/* Says that JOB, at what a user left, was not done to its end. */
void sessions_say_cut(const struct job *job, const char *what, int seconds);

#endif
