/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Membership and its states; see session.h. A process gets its session in enter.c. The
 * other steps are in plan.c, join.c, make.c, backing.c, handover.c and leave.c;
 * hints_use.c has what members tell each other.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "core/initial_stack.h"
#include "core/layout.h"
#include "core/libc.h"
#include "core/report.h"
#include "core/signals.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/confine.h"
#include "session/enter.h"
#include "session/handover.h"
#include "session/helper.h"
#include "session/hints.h"
#include "session/hints_use.h"
#include "session/internal.h"
#include "session/join.h"
#include "session/leave.h"
#include "session/plan.h"
#include "session/remove.h"
#include "session/shut_in.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct session pt_session EACH_START_LAST;

/*
 * Milliseconds to wait for another thread that makes or joins the session: at first one at a
 * time, then SELDOM, so that many who wait leave the processor to it.
 */
enum { START_WAIT = 10000, START_OFTEN = 50, SELDOM = 20 };

/* Keeps FD open, where no mapping holds the lock. */
static int keep_descriptor(int fd)
{
	int apart = (int)SYS3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, SYS_APART);

	if (apart < 0) /* the program's limit: as low as possible */
		apart = (int)SYS3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	sys_close(fd);
	if (apart < 0)
		return apart;
	pt_session.held = apart + 1;
	return 0;
}

int session_hold(int fd)
{
	struct session *s = &pt_session;
	int error = 0;

	if (s->lease.how & LEASE_HOLD_DESCRIPTOR)
		return keep_descriptor(fd);
	s->locked = LEASE_PAGE;
	s->lock = sys_map_file(fd, s->locked, PROT_READ, &error);
	sys_close(fd);
	return -error;
}

void session_set_state(enum session_state state)
{
	__atomic_store_n(&pt_session.state, (int)state, __ATOMIC_RELEASE);
}

void session_fail(int error, enum onfail onfail)
{
	struct session *s = &pt_session;
	static const char guards[] = "guard /dev/null\t/tmp\n"
				     "guard /dev/null\t/var/tmp\n";

	/* With EINTR a program would retry for ever. */
	s->error = error == EINTR ? EAGAIN : error;
	if (onfail == ONFAIL_PASS) {
		if (!s->reported)
			session_report();
		report("PRIVTMP_ONFAIL=pass",
		       "this program runs unprotected, "
		       "in the shared directories",
		       0, NULL);
		view_use(NULL, NULL);
		session_set_state(SESSION_OFF);
		return;
	}
	if (!s->lease.policy.guards) {
		policy_parse(guards, sizeof guards - 1, &s->lease.policy);
		view_use(&s->lease.policy, NULL);
	}
	session_set_state(SESSION_FAILED);
}

void session_refuse(int error)
{
	if (pt_session.lease.policy.onfail == ONFAIL_PASS ||
	    pt_session.state != SESSION_PLANNED)
		return;
	pt_session.reported = true;
	session_fail(error, ONFAIL_DENY);
}

/*
 * Whether no guarded directory exists, as in a new root: calls there fail as they do
 * without the shim.
 */
static bool nothing_to_guard(void)
{
	const struct policy *policy = &pt_session.lease.policy;
	char view[POLICY_ROOT_MAX + 1];
	struct statx st;

	for (unsigned i = 0; i < policy->guards; i++) {
		if (policy->guard[i].view.len > POLICY_ROOT_MAX)
			return false;
		text_copy(&policy->guard[i].view, view);
		if (sys_statx(AT_FDCWD, view, 0, &st) != -ENOENT)
			return false;
	}
	return true;
}

/*
 * Whether the process has for now another identity than at its start, by a set-user-ID
 * bit: what it makes now would belong to its caller.
 */
static bool is_lent(void)
{
	return pt_session.privileged && sys_geteuid() != pt_session.euid;
}

/* Takes over the session that was made. 0, or -errno where it was removed again. */
static int take_over(struct making *m, int helper)
{
	struct session *s = &pt_session;
	int ret = 0;

	s->lock = m->lock;
	s->locked = m->locked;
	if (m->held >= 0)
		ret = keep_descriptor(m->held);
	s->made = 1;
	s->parent = 0;
	s->started = true;
	view_use(&s->lease.policy, hints_map(s->root, s->owner));
	/* The caller can kill a set-user-ID program, so it must have a helper. */
	if (ret == 0 && helper < 0 && s->privileged)
		ret = helper;
	if (ret < 0) {
		struct remains untold = { 0, 0, "" };

		session_let_go();
		remove_session(&s->lease, m->root, &untold);
		view_use(&s->lease.policy, NULL);
	} else if (helper < 0) {
		session_no_helper(-helper);
	}
	return ret;
}

/* Makes the session, with its helper. 0 or -errno. */
static int make_with_helper(int *child)
{
	struct session *s = &pt_session;
	struct making m;
	int helper = 0, ret;

	s->owner = s->euid;
	helper_make(&m, &helper, child);
	if (m.error == EEXIST && session_meets()) {
		/* Another process was faster. */
		ret = session_meet(false);
		if (ret == 0)
			view_use(&s->lease.policy, hints_map(s->root, s->owner));
		return ret;
	}
	if (m.error)
		return -m.error;
	ret = take_over(&m, helper);
	/* A variable from before chroot(2) is kept: the process may return there. */
	if (ret == 0 && s->published && !s->published->variable[sizeof SESSION_VARIABLE])
		session_name_shown(s->published);
	sys_close(m.lease);
	sys_close(m.root);
	return ret;
}

/* Back to PLANNED: the attempt failed with ERROR, and is repeated later. */
static int put_off(int error)
{
	struct session *s = &pt_session;

	if (error == EACCES && !s->reported) {
		s->reported = true;
		report(s->root,
		       "nothing private can be made here for a program with "
		       "the rights of another, while it is its caller",
		       error, "let it use /tmp before, or take its rights back first");
	}
	s->error = error;
	session_set_state(SESSION_PLANNED);
	return error;
}

/* The session was made but cannot be confined: leaves it. */
static int not_confined(int error, enum onfail onfail)
{
	struct session *s = &pt_session;

	s->reported = true;
	report("PRIVTMP_CONFINE=yes", "cannot be confined", error,
	       "set it to no, or auto");
	session_let_go();
	s->made = 0;
	session_fail(error, onfail);
	return error;
}

int session_make_planned(enum onfail onfail, bool tool, int *child)
{
	struct session *s = &pt_session;
	int ret;

	if (is_lent())
		return put_off(EACCES);
	if (!tool && nothing_to_guard())
		return put_off(ENOENT);
	/* The ids may have changed since main began. */
	if (s->main_reached && !s->privileged)
		s->euid = sys_geteuid();
	ret = make_with_helper(child);
	if (ret < 0) {
		session_fail(-ret, onfail);
		return -ret;
	}
	session_set_state(SESSION_LIVE);
	if (pt_view.links_before)
		hints_change(s->root, s->owner, LINKS_OUTSIDE, 0);
	s->shut_in = !tool && shut_in_from_start();
	if (!tool && s->lease.policy.confine == CONFINE_YES) {
		ret = confine_start();
		if (ret < 0)
			return not_confined(-ret, onfail);
	}
	return 0;
}

int session_share(void)
{
	struct session *s = &pt_session;
	int ret = session_need(), planned = SESSION_PLANNED;
	const int state = __atomic_load_n(&s->state, __ATOMIC_ACQUIRE);
	struct signals before;

	/* STARTING: another thread has begun to make it since. It is waited for, below. */
	if (ret || (state != SESSION_PLANNED && state != SESSION_STARTING))
		return ret;
	/* A handler that needs the session would wait for the thread that it interrupts. */
	signals_block_all(&before);
	if (__atomic_compare_exchange_n(&s->state, &planned, SESSION_STARTING, false,
					__ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
		session_make_planned(ONFAIL_DENY, false, NULL);
	signals_restore(&before);
	ret = session_need();
	/* Still PLANNED: nothing to guard, or not possible now. */
	return !ret && __atomic_load_n(&s->state, __ATOMIC_ACQUIRE) == SESSION_PLANNED ?
		       s->error :
		       ret;
}

void session_restart(void)
{
	struct session *s = &pt_session;

	s->made = 0;
	s->parent = 0;
	s->main_reached = true;
	view_use(s->lock || s->held ? &s->lease.policy : NULL, NULL);
	session_set_state(SESSION_NONE);
}

int session_need(void)
{
	struct session *s = &pt_session;
	int ret = session_ask();

	if (ret && s->state == SESSION_FAILED &&
	    !__atomic_exchange_n(&s->reported, true, __ATOMIC_RELAXED))
		session_report();
	return ret;
}

char **session_environment(void)
{
	char **initial = pt_session.main_reached ? NULL : initial_environment();

	return initial ? initial : libc_environ;
}

/* Waits for as many MILLISECONDS, and returns how many to count: a signal makes it shorter. */
static int await_starter(int milliseconds)
{
	return sys_pause(milliseconds) == -EINTR ? 1 : milliseconds;
}

int session_ask(void)
{
	struct session *s = &pt_session;
	struct signals before;

	for (int waited = 0; waited < START_WAIT;) {
		switch (__atomic_load_n(&s->state, __ATOMIC_ACQUIRE)) {
		case SESSION_NONE:
			signals_block_all(&before);
			session_enter(session_environment(), NULL, NULL);
			signals_restore(&before);
			waited++;
			break;
		case SESSION_STARTING:
			/* Another thread is at it, and needs a few system calls. */
			waited += await_starter(waited < START_OFTEN ? 1 : SELDOM);
			break;
		case SESSION_FAILED: return s->error;
		default:
			if (view_links() & (LINKS_UNREAD | LINKS_UNWATCHED))
				session_heed();
			return 0;
		}
	}
	return EAGAIN;
}

void session_cloned(int pid)
{
	struct session *s = &pt_session;

	s->twin = s->twin ? -1 : pid;
}

void session_forked(void)
{
	struct session *s = &pt_session;

	s->twin = 0;

	if (s->state == SESSION_LIVE)
		s->parent = s->pid;
	s->pid = sys_getpid();
	/* The thread that was at it exists in the parent only. */
	if (s->state == SESSION_STARTING)
		session_set_state(SESSION_NONE);
	s->started = false;
	/* Threads that were making a backing exist in the parent only. */
	s->makers = 0;
	/* No /tmp to share yet: parent and child each plan their own. */
	if (s->state == SESSION_PLANNED)
		session_restart();
}
