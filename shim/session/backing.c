/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a backing when it is needed, and reports what could not be made; see plan.h. */
#define _GNU_SOURCE
#include "core/report.h"
#include "policy/config_load.h"
#include "session/internal.h"
#include "session/left.h"
#include "session/make.h"
#include "session/plan.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Reports why ROOT could not be made. */
static void report_root(const char *root, int error)
{
	char dir[POLICY_ROOT_MAX + 1];
	const char *slash = strrchr(root, '/');
	size_t n = slash ? (size_t)(slash - root) : 0;
	const char *remedy = "set PRIVTMP_ROOT to another file system";
	struct statx st;

	memcpy(dir, root, n);
	dir[n] = '\0';
	if (error == EPERM && session_meets())
		remedy = "scope root has a name known beforehand: set PRIVTMP_ROOT "
			 "to a directory in which nobody but you or root can write";
	else if (error == EPERM && left_is_fixed(n ? dir : "/", false))
		remedy =
			"it is immutable: take that off (chattr -i), or set PRIVTMP_ROOT";
	else if (error == EPERM)
		remedy = "it must belong to root or to you and be sticky (mode "
			 "1777) where others can write, and so must what leads "
			 "to it; or set PRIVTMP_ROOT";
	else if (error == ENOSPC || error == EDQUOT)
		remedy = "free some space, or set PRIVTMP_ROOT";
	else if (error == EACCES || error == EROFS)
		remedy = "make it writable, or set PRIVTMP_ROOT";
	else if (error == ENOLCK)
		remedy = "set PRIVTMP_ROOT to a file system that has locks, as local "
			 "ones do";
	else if (error == EMFILE || error == ENFILE || error == ENOMEM)
		remedy = "raise the limits of open files and of memory (ulimit -n, -v)";
	else if (error == EFBIG)
		remedy = "raise the limit of files' sizes (ulimit -f)";
	else if (error == ENOTDIR)
		remedy = "make it a directory, or set PRIVTMP_ROOT";
	else if (error == ENOENT && sys_statx(AT_FDCWD, dir, 0, &st) < 0)
		remedy = "create it with mode 1777, or set PRIVTMP_ROOT";
	else if (error == EAGAIN)
		remedy = "what was making it has been killed or interrupted: start the "
			 "program again";
	report(n ? dir : "/", "no private directory can be made here", error, remedy);
}

void session_report(void)
{
	if (!config_report())
		report_root(pt_session.root, pt_session.error);
}

/* Reports once. A directory that does not exist is no failure of ours. */
static void report_backing(unsigned guard, int error)
{
	static unsigned told;
	char root[POLICY_ROOT_MAX + 1];

	if (error == ENOENT ||
	    __atomic_fetch_or(&told, 1u << guard, __ATOMIC_RELAXED) & 1u << guard)
		return;
	text_copy(&pt_session.lease.policy.guard[guard].root, root);
	report_root(root, error);
}

int session_need_backing(unsigned guard, bool tell)
{
	struct session *s = &pt_session;
	int ret = -session_share();

	if (ret < 0 || __atomic_load_n(&s->made, __ATOMIC_RELAXED) & 1u << guard)
		return ret;
	/* A leaving thread waits for makers; or this one sees that it has left. */
	__atomic_fetch_add(&s->makers, 1, __ATOMIC_SEQ_CST);
	ret = -ENOENT;
	if (__atomic_load_n(&s->state, __ATOMIC_SEQ_CST) == SESSION_LIVE)
		ret = make_part(guard);
	if (ret == 0)
		__atomic_fetch_or(&s->made, 1u << guard, __ATOMIC_RELAXED);
	/*
	 * session_forked resets the count: a child that a handler forked here must not
	 * decrement it.
	 */
	if (__atomic_load_n(&s->makers, __ATOMIC_SEQ_CST))
		__atomic_fetch_sub(&s->makers, 1, __ATOMIC_SEQ_CST);
	if (ret < 0 && tell)
		report_backing(guard, -ret);
	return ret;
}

void session_need_backings(void)
{
	if (session_share())
		return;
	for (unsigned i = 0; i < pt_session.lease.policy.guards; i++)
		session_need_backing(i, false);
}
