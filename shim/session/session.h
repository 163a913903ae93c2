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
 * exec (session_handover) and leaves at its end (session_leave); the last one
 * out removes it. Nothing here allocates or locks; errno is kept.
 */
#ifndef PRIVTMP_SESSION_H
#define PRIVTMP_SESSION_H

#include <stdbool.h>

#include "policy/policy.h"
#include "session/lease.h"

struct remains;
struct handover;

#define SESSION_VARIABLE "PRIVTMP_SESSION"

enum session_state {
	SESSION_NONE,		/* nothing tried yet */
	SESSION_STARTING,	/* a thread is at it */
	SESSION_FAILED,		/* guarded calls fail with session.error */
	SESSION_OFF,		/* everything passes */
	/* From here on there is a policy, and the roots have names. */
	SESSION_PLANNED,	/* not made yet */
	SESSION_LIVE,
	SESSION_LEFT,		/* left for good; paths still lead to the backing */
};

struct session {
	int state;
	int error;		/* why the state is SESSION_FAILED */
	bool reported;		/* why, on standard error */
	bool started;		/* by this process, not joined */
	bool first;		/* to join what the launcher has made */
	bool privileged;	/* AT_SECURE: the environment is not believed */
	bool main_reached;	/* the constructor has run */
	bool confined;		/* is, or was started, in a domain: confine.h */
	bool moved;		/* "/" is no longer what it was at the start */
	unsigned euid;		/* when it entered */
	unsigned owner;		/* of the session's roots */
	int pid;		/* of this process, when it planned, joined or forked */
	int parent;		/* pid of a parent that is a member, or 0 */
	void *lock;		/* the mapping that holds the lease's lock, or NULL */
	size_t locked;		/* its size */
	int held;		/* a descriptor, plus 1, that holds it instead; or 0 */
	unsigned made;		/* bit per guard whose backing is known to exist */
	unsigned makers;	/* threads that are making a backing */
	struct handover *published;	/* what is in environ; or NULL */
	char root[POLICY_ROOT_MAX + 1];
	char tmpdir[POLICY_ROOT_MAX + 1];	/* $TMPDIR when it was planned */
	struct lease lease;	/* at the end, of which little is touched */
};

extern struct session pt_session __attribute__((visibility("hidden")));

/* What a new image needs to join: see session_handover. */
struct handover {
	int fd;		/* an inheritable descriptor of the lease, or -1 */
	/* "PRIVTMP_SESSION=FD:PARENT:HOW:ROOT" */
	char variable[POLICY_ROOT_MAX + 64];
};

/* HOW is the sum of these. */
enum {
	HANDOVER_INSIDE = 1,	/* the working directory may lie in a backing */
	HANDOVER_FIRST = 2,	/* from the launcher, which waits to hear of it */
};

/*
 * Joins or plans. ENVP is the environment to believe, NULL under AT_SECURE;
 * SETTINGS, where not NULL, are a tool's: they take the place of the environment
 * and the configuration, and the session is made at once; *HELPER is then the pid of
 * its helper, a child of this process (0: none). Returns 0, or an errno (the state
 * says what follows from it).
 */
int session_enter(char *const *envp, const struct settings *settings, int *helper);

/* Joins the session that VALUE (of PRIVTMP_SESSION) names. 0 or -errno. */
int session_join(const char *value);

/*
 * Joins the session with the planned root, of SCOPE_ROOT, if somebody has made it;
 * it may have no member. ADOPT: has its policy from then on. 0 or -errno.
 */
int session_meet(bool adopt);

/*
 * Takes over the lock of the lease FD: by a mapping, or the descriptor itself, which
 * is closed or moved out of the program's way. 0/-errno.
 */
int session_hold(int fd);

/* Gives up a planned session, by onfail, for a reason that has been told. */
void session_refuse(int error);

/* Plans a session: its lease's text, and the policy. 0 or -errno. */
int session_plan(const struct settings *settings, char *const *envp);

/*
 * Makes what was planned, if need be: to be called before there is another
 * process that may count on it, or before this one can no longer do so. Returns
 * 0, or the errno for which there is none.
 */
int session_share(void);

/* Forgets the session, so that the next guarded call starts another. */
void session_restart(void);

/* Says in one line why no session could be made. */
void session_report(void);

/*
 * To be called before a guarded path is used: enters if need be. Returns 0,
 * or the errno with which the call has to fail.
 */
int session_need(void);

/* The same, and says nothing: the path may not be a guarded one. */
int session_ask(void);

/*
 * Makes the session and the backing of guard number GUARD where they are not
 * there. 0 or -errno. TELL: say in one line why a backing could not be made.
 */
int session_need_backing(unsigned guard, bool tell);

/* Takes note of what other members have said: before that is asked for. */
void session_heed(void);

/* Whether members know of a helper that removes what is left. */
bool session_watched(void);

/* Whether another user has been let in. */
bool session_mixed(void);

/* Sees to it that someone outlives us to remove what there is, if need be. */
void session_wrote(void);

/* Notes what members are to know from now on: LINKS_* (view.h). */
void session_links(unsigned char bits);

/*
 * Opens what a new image inherits. PARENT: its parent's pid where that is a
 * member, else 0. Never fails: without a descriptor the image joins by name.
 */
void session_handover(struct handover *handover, int parent);
/* Writes the variable for HANDOVER's descriptor, which may be -1. */
void session_name(struct handover *handover, int parent);
/* The same for what the launcher executes, which has to say that it has joined. */
void session_name_first(struct handover *handover, int parent);
void session_handover_end(struct handover *handover);

/*
 * Whether what is executed now is somebody else's: what a set-user-ID program executes
 * as its caller, or as both, learns nothing of the session.
 */
bool session_is_for_caller(void);

/* In the child of a fork: takes note of the new pid. */
void session_forked(void);

/*
 * Leaves; the last one out removes the session. Safe to call twice and in a
 * signal handler. MAYBE_VFORKED: the caller may be a vfork child, which shares
 * our memory and for which nothing is done.
 */
void session_leave(bool maybe_vforked);

/* Lets the lock go. */
void session_let_go(void);

/*
 * The end of the session whose root is open as ROOTFD, and its lease as LEASE, by a
 * description that nobody else has: waits until no member is left, and removes it, as
 * its owner, who must be the effective user.
 * WAIT: whether to wait. When a signal handler has run, WOKEN is given the lease
 * and asked whether to go on with that; NULL: no. Then it is -EINTR.
 * Returns 0 when it is gone, -EWOULDBLOCK while members live, -ECANCELED when
 * it is kept, or -errno.
 */
int session_reap(int rootfd, int lease, bool wait,
		 bool (*woken)(int rootfd, int lease), struct remains *remains);

/*
 * Tells the members of the session whose root is open as ROOTFD that its helper is
 * there no more.
 */
void session_unwatched(int rootfd);

#endif
