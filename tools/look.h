/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a root holds, as its owner sees it: see crew.h. */
#ifndef PRIVTMP_LOOK_H
#define PRIVTMP_LOOK_H

#include "crew.h"
#include "members.h"
#include "roots.h"
#include "session/lease.h"
#include "usage.h"

enum found_state {
	FOUND_LIVE,    /* has members */
	FOUND_KEPT,    /* has none, and is kept */
	FOUND_DEAD,    /* has none */
	FOUND_YOUNG,   /* has no lease yet: may be in the making */
	FOUND_PART,    /* of a session whose lease is elsewhere: .primary */
	FOUND_CLOSED,  /* of another user: cannot be inspected */
	FOUND_STRANGE, /* has the name of a root, and is none */
	FOUND_STATES,
};

/* A record: what a child says of a root. */
struct looked {
	char path[POLICY_ROOT_MAX + 1];
	enum found_state state;
	long long changed;
	struct file_id root, lease, mapped;
	struct usage usage;
	char primary[POLICY_ROOT_MAX + 1];
	size_t len; /* of the lease's text; 0: none */
	char text[POLICY_TEXT_MAX];
};

enum { SESSION_YOUNG = 60 }; /* seconds */

/* The argument of look_work. */
struct look {
	const struct roots *roots; /* .first and .n of the job say which */
	bool usage;		   /* their size is wanted, too */
	const struct seens *seens; /* processes, among them keepers */
	void *arg;		   /* for the caller */
};

/* Inspects the roots, and those in the user's own directory in memory. */
void look_work(struct job *job);

/* Whether something changed at that time may still be in the making. */
bool look_is_young(long long changed);

#endif
