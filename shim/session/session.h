/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The session: one private set of backings, shared by one process tree.
 *
 * A process is a member of one session at most. Before main it joins its parent's, or
 * plans one (session_enter): what is guarded, and the names of the roots. The planned
 * session is made when a guarded path is used, or before another process may share it
 * (session_share), together with the helper that removes it in any case. A program that
 * needs neither pays next to nothing, and leaves nothing behind. A member hands the
 * session over at exec (handover.h) and leaves at its end (leave.h). The last member
 * removes it. Nothing here allocates or locks; errno is kept.
 *
 * Other folders of the shim may use this header, admit.h, enter.h, handover.h, helper.h,
 * hints.h, hints_use.h, leave.h, own.h, plan.h, root_name.h and trust.h; the tools use
 * further ones. internal.h is for this folder alone.
 */
#ifndef PRIVTMP_SESSION_H
#define PRIVTMP_SESSION_H

#include <stdbool.h>

#include "policy/policy.h"
#include "session/lease.h"

enum session_state {
	SESSION_NONE,	  /* nothing tried yet */
	SESSION_STARTING, /* a thread plans, joins or makes */
	SESSION_FAILED,	  /* guarded calls fail with session.error */
	SESSION_OFF,	  /* nothing is redirected */
	/* In the following states there is a policy, and the roots have names. */
	SESSION_PLANNED, /* not made yet */
	SESSION_LIVE,
	SESSION_LEFT, /* left; paths still lead to the backing */
};

struct session {
	int state;
	int error;	   /* why the state is SESSION_FAILED */
	bool reported;	   /* ... was written to standard error */
	bool started;	   /* planned by this process, not joined */
	bool first;	   /* has to join the session of the launcher */
	bool privileged;   /* AT_SECURE: the environment is not believed */
	bool callers;	   /* was started with variables of another user's: handover.h */
	bool main_reached; /* the constructor has run */
	bool confined;	   /* is in a domain, or was started in one: confine.h */
	bool shut_in;	   /* the helper removes it: shut_in.h */
	bool moved;	   /* "/" is another one than at the start */
	unsigned euid;	   /* effective user at the entry */
	unsigned owner;	   /* of the session's roots */
	int pid;	   /* of this process; set when it planned, joined or forked */
	int parent;	   /* pid of a parent that is a member, or 0 */
	int twin;	   /* of a process with this one's memory; -1: of several; or 0 */
	void *lock;	   /* the mapping that holds the lease's lock, or NULL */
	size_t locked;	   /* its size */
	int held;	   /* 1 + the descriptor that holds it instead; 0: none */
	unsigned made;	   /* bit mask of guards whose backing exists */
	unsigned makers;   /* threads that are making a backing */
	struct handover *published; /* the variable in environ, or NULL */
	char root[POLICY_ROOT_MAX + 1];
	char tmpdir[POLICY_ROOT_MAX + 1]; /* $TMPDIR when it was planned */
	struct lease lease;		  /* last: only its beginning is touched often */
};

extern struct session pt_session __attribute__((visibility("hidden")));

/* Drops the planned session, as ONFAIL says, for a reason that was reported. */
void session_refuse(int error);

/*
 * Makes the planned session, if it is not made yet. Call before another process may
 * need it, and before this one can no longer make it. Returns 0, or the errno.
 */
int session_share(void);

/* Forgets the session: the next guarded call starts another one. */
void session_restart(void);

/*
 * The environment that this program was started with, as far as it is known. libc may not
 * have set environ yet, and constructors that run before ours may have cleared it. Later:
 * environ.
 */
char **session_environment(void);

/*
 * Call before a guarded path is used: enters the session if needed. Returns 0, or the
 * errno with which the call has to fail.
 */
int session_need(void);

/* The same without a report: the path may not be guarded. */
int session_ask(void);

/*
 * Call after clone(2) has made the process PID, which shares this one's memory and is no
 * thread: its lock is this one's.
 */
void session_cloned(int pid);

/* Call in the child after fork: notes the new pid. */
void session_forked(void);

#endif
