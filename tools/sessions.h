/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sessions that are there: found by their roots in the guarded
 * directories, and by the processes that hold a lease.
 */
#ifndef PRIVTMP_SESSIONS_H
#define PRIVTMP_SESSIONS_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "session/lease.h"

enum found_state {
	FOUND_LIVE,	/* has members */
	FOUND_KEPT,	/* has none, and is to be kept */
	FOUND_DEAD,	/* has none */
	FOUND_YOUNG,	/* has no lease yet: may be about to get one */
	FOUND_PART,	/* of a session whose lease is elsewhere: .primary */
	FOUND_CLOSED,	/* another user's: cannot be looked into */
};

struct remains;

struct found {
	char root[POLICY_ROOT_MAX + 1];
	uid_t owner;
	time_t changed;		/* when something was last made in the root */
	enum found_state state;
	char primary[POLICY_ROOT_MAX + 1];
	struct lease *lease;	/* NULL: none that can be read */
	struct member *members;
};

/* A process that holds a session's lease. */
struct member {
	pid_t pid;
	char command[128];	/* its command line, as far as it goes */
	struct member *next;
};

struct sessions {
	size_t n;
	struct found *at;
};

enum { SESSION_YOUNG = 60 };	/* seconds */

/*
 * Finds them all: in the directories that SETTINGS guard, and those that
 * processes hold. 0 or an errno.
 */
int sessions_find(const struct settings *settings, struct sessions *out);

/* The one whose root is ROOT, or NULL. */
struct found *sessions_at(const struct sessions *sessions, const char *root);

/*
 * Whether the session at ROOT has members, asked of its lease: 1, or 0 with
 * the lock held by *FD (-1 is not wanted: FD NULL), or -errno when that cannot
 * be told.
 */
int session_is_alive(const char *root, struct lease *lease, int *fd);

/* Says what could not be removed from ROOT, and why. */
void session_say_left(const char *root, const struct remains *remains, int error);

/* "live", "kept", ... */
const char *found_word(enum found_state state);

/* The root of the session that the process PID is in; false: in none. */
bool session_of_process(pid_t pid, char root[POLICY_ROOT_MAX + 1]);

/*
 * Calls FN for every process and lease that it holds, as far as may be seen.
 * The same lease may come more than once.
 */
typedef void member_fn(pid_t pid, const char *root, void *arg);
void members_find(member_fn *fn, void *arg);
void members_of(pid_t pid, member_fn *fn, void *arg);

/* The command line of PID, in one printable line. */
void member_command(pid_t pid, char *out, size_t size);

#endif
