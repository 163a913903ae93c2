/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finding sessions: by their roots in the guarded directories, and by processes that
 * hold a lease.
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
	long long changed; /* time of the last change in the root */
	enum found_state state;
	char primary[POLICY_ROOT_MAX + 1];
	struct file_id id, lease_id, map_id; /* of the root and of the lease */
	struct lease *lease;		     /* NULL: not readable */
	struct usage usage;
	struct member *members;
	bool hinted; /* only a process has named it */
};

/* A process that has the session's lease. */
struct member {
	pid_t pid;
	uid_t uid;
	bool mapped;	   /* else open */
	bool mounts;	   /* in by the mount door */
	char command[128]; /* its command line, cut */
	struct member *next;
};

struct sessions {
	size_t n;
	struct found *at;
	bool cut; /* not complete, for lack of time */
};

/* A query. */
struct query {
	const struct settings *settings;
	pid_t pid; /* only sessions of this process; 0: all */
	bool usage;
	int seconds; /* for each user; 0: the default */
};

enum {
	SESSIONS_LOOK = 5, /* seconds */
	SESSIONS_SWEEP = 60,
};

/* Finds sessions, and reports in a line each what could not be inspected. */
void sessions_find(const struct query *query, struct sessions *out);

/* The session whose root is ROOT, of OWNER, or NULL. */
struct found *sessions_at(const struct sessions *sessions, const char *root, uid_t owner);

/*
 * The live session of the process PID, or NULL. A mapping counts more than a
 * descriptor. Valid for ever.
 */
const struct found *sessions_of(const struct settings *settings, pid_t pid);

/*
 * The session whose root has the NAME, which the mounts of the process PID show, or NULL: of
 * an owner about whom these can be believed. Valid for ever.
 */
const struct found *sessions_shown(const struct settings *settings, pid_t pid,
				   const char *name);

/* Reports what could not be removed from ROOT, and why. */
void session_say_left(const char *root, const struct remains *remains, int error);

/* "live", "kept", ... */
const char *found_word(enum found_state state);

/* The name of the user UID, or its number. */
char *user_name(uid_t uid, char *out, size_t size);

/* Reports that JOB, for a user's files, was cut off. */
void sessions_say_cut(const struct job *job, const char *what, int seconds);

#endif
