/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changing the root directory. After chroot(2), pivot_root(2) or setns(2) the backing
 * may be unreachable, and /tmp another directory. The process then stays a member of
 * its old session for what it has open there, and its next guarded call starts a new
 * one. Where the old roots are where they were, it keeps the old session.
 */
#define _GNU_SOURCE
#include "core/sys.h"
#include "session/helper.h"
#include "session/hints_use.h"
#include "session/plan.h"
#include "session/session.h"
#include "session/trust.h"
#include "wrap/wrap.h"

#include <sched.h>
#include <sys/stat.h>

/* The directory at a path; all zeros: none. */
struct place {
	uint64_t ino;
	uint32_t major, minor;
};

static void find_place(const char *path, struct place *out)
{
	struct statx st;

	memset(out, 0, sizeof *out);
	if (sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) == 0)
		*out = (struct place){ st.stx_ino, st.stx_dev_major, st.stx_dev_minor };
}

/* Finds the session's roots, if they are made. */
static void find_roots(struct place *out)
{
	const struct policy *policy = &pt_session.lease.policy;
	char prefix[POLICY_ROOT_MAX + 1];

	memset(out, 0, POLICY_GUARDS * sizeof *out);
	for (unsigned i = 0; i < policy->guards; i++) {
		if (!(pt_session.made & 1u << i))
			continue;
		text_copy(&policy->guard[i].prefix, prefix);
		find_place(prefix, out + i);
	}
}

/* Call before "/" changes. BEFORE is for root_changed. */
static void root_changing(struct place *before)
{
	if (pt_session.state != SESSION_LIVE)
		return;
	/*
	 * From inside the new root the session could not be removed: makes sure of a
	 * helper.
	 */
	session_wrote();
	find_roots(before);
}

static void root_changed(const struct place *before)
{
	struct session *s = &pt_session;
	struct place after[POLICY_GUARDS];

	/* A vfork child has a root of its own, but shares memory. */
	if (sys_getpid() != s->pid)
		return;
	/* The path of the helper may now lead to another file. */
	s->moved = true;
	if (s->state != SESSION_LIVE)
		return;
	find_roots(after);
	if (!memcmp(before, after, sizeof after))
		return;
	/* The old lease stays mapped or open, so the old session stays alive. */
	s->lock = NULL;
	s->held = 0;
	pt_view.cwd_inside = 1;
	/* What they mean below the new root, or led to before, is unknown. */
	pt_view.links_before |= view_links() &
				(LINKS_ACROSS | LINKS_UP | LINKS_UP_OUTSIDE);
	session_restart();
}

WRAP(int, chroot, const char *path);

int pt_chroot(const char *path)
{
	struct place before[POLICY_GUARDS];
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	int ret;

	if (route_go(&r, room) < 0)
		return -1;
	root_changing(before);
	ret = REAL(chroot)(r.path);
	route_end(&r);
	if (ret == 0)
		root_changed(before);
	return ret;
}

/*
 * pivot_root(2) changes the root of every process in this mount namespace, the helper
 * too. A helper in a copy of the namespace keeps the old one.
 */
static void leave_apart(void)
{
	struct session *s = &pt_session;
	struct statx st;
	int fd = trust_open_root(s->root, s->owner, &st);

	s->moved = true;
	if (fd < 0)
		return;
	helper_start_apart(fd);
	sys_close(fd);
}

WRAP(int, pivot_root, const char *root, const char *old);

int pt_pivot_root(const char *root, const char *old)
{
	struct place before[POLICY_GUARDS];
	struct route r, s;
	char room[route_plan(&r, AT_FDCWD, root, FOLLOW, ROUTE_READ)];
	char other[route_plan(&s, AT_FDCWD, old, FOLLOW, ROUTE_READ)];
	int ret;

	if (route_go(&r, room) < 0)
		return -1;
	if (route_go(&s, other) < 0) {
		route_end_first(&r);
		return -1;
	}
	root_changing(before);
	if (pt_session.state == SESSION_LIVE)
		leave_apart();
	ret = REAL(pivot_root)(r.path, s.path);
	route_end(&r);
	route_end(&s);
	if (ret == 0)
		root_changed(before);
	return ret;
}

WRAP(int, setns, int fd, int type);

int pt_setns(int fd, int type)
{
	struct place before[POLICY_GUARDS];
	int ret;

	if (!type || (type & CLONE_NEWPID))
		session_share(); /* or the helper would end with that namespace */
	if (type && !(type & CLONE_NEWNS))
		return REAL(setns)(fd, type);
	root_changing(before);
	ret = REAL(setns)(fd, type);
	if (ret == 0)
		root_changed(before);
	return ret;
}

WRAP(int, unshare, int flags);

/*
 * In a new user namespace nothing shows that /tmp is root's, so neither a session nor a
 * further backing could be made any more. The next child is the first process of a new pid
 * namespace, which ends with it: that must be the program's own, not who makes the session.
 */
int pt_unshare(int flags)
{
	if (flags & CLONE_NEWUSER)
		session_need_backings();
	else if (flags & (CLONE_NEWNS | CLONE_NEWPID))
		session_share();
	return REAL(unshare)(flags);
}
