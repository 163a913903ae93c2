/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The session: one private set of backings, shared by one process tree.
 *
 * A process is a member of at most one. Before main it joins its parent's, or
 * plans one of its own (session_enter): what is guarded and what the roots will
 * be called. A planned session is made when a guarded path is used or when
 * another process is about to share it (session_share), together with the
 * helper that removes it whatever happens; so a program that does neither costs
 * next to nothing, and leaves nothing however it dies. A member hands it on at
 * exec (handover.h) and leaves at its end (leave.h); the last one out removes it.
 * Nothing here allocates or locks; errno is kept.
 *
 * This is what others may use, with admit.h, enter.h, handover.h, helper.h, hints_use.h,
 * leave.h, own.h, plan.h, reap.h and trust.h; the tools use further ones. internal.h is
 * for this folder alone.
 */
#ifndef PRIVTMP_SESSION_H
#define PRIVTMP_SESSION_H

#include <stdbool.h>

#include "policy/policy.h"
#include "session/lease.h"

enum session_state {
	SESSION_NONE,	  /* nothing tried yet */
	SESSION_STARTING, /* a thread is at it */
	SESSION_FAILED,	  /* guarded calls fail with session.error */
	SESSION_OFF,	  /* everything passes */
	/* From here on there is a policy, and the roots have names. */
	SESSION_PLANNED, /* not made yet */
	SESSION_LIVE,
	SESSION_LEFT, /* left for good; paths still lead to the backing */
};

struct session {
	int state;
	int error;	   /* why the state is SESSION_FAILED */
	bool reported;	   /* why, on standard error */
	bool started;	   /* by this process, not joined */
	bool first;	   /* to join what the launcher has made */
	bool privileged;   /* AT_SECURE: the environment is not believed */
	bool main_reached; /* the constructor has run */
	bool confined;	   /* is, or was started, in a domain: confine.h */
	bool shut_in;	   /* its end is left to the helper: shut_in.h */
	bool moved;	   /* "/" is no longer what it was at the start */
	unsigned euid;	   /* when it entered */
	unsigned owner;	   /* of the session's roots */
	int pid;	   /* of this process, when it planned, joined or forked */
	int parent;	   /* pid of a parent that is a member, or 0 */
	void *lock;	   /* the mapping that holds the lease's lock, or NULL */
	size_t locked;	   /* its size */
	int held;	   /* a descriptor, plus 1, that holds it instead; or 0 */
	unsigned made;	   /* bit per guard whose backing is known to exist */
	unsigned makers;   /* threads that are making a backing */
	struct handover *published; /* what is in environ; or NULL */
	char root[POLICY_ROOT_MAX + 1];
	char tmpdir[POLICY_ROOT_MAX + 1]; /* $TMPDIR when it was planned */
	struct lease lease;		  /* at the end, of which little is touched */
};

extern struct session pt_session __attribute__((visibility("hidden")));

/* Gives up a planned session, by onfail, for a reason that has been told. */
void session_refuse(int error);

/*
 * Makes what was planned, if need be: to be called before there is another
 * process that may count on it, or before this one can no longer do so. Returns
 * 0, or the errno for which there is none.
 */
int session_share(void);

/* Forgets the session, so that the next guarded call starts another. */
void session_restart(void);

/*
 * To be called before a guarded path is used: enters if need be. Returns 0,
 * or the errno with which the call has to fail.
 */
int session_need(void);

/* The same, and says nothing: the path may not be a guarded one. */
int session_ask(void);

/* In the child of a fork: takes note of the new pid. */
void session_forked(void);

#endif
