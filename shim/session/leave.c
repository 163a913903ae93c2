/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Leaving a session; see leave.h.
 *
 * A second shared lock is taken before the held one is released, so that the waiting
 * helper is not granted the lock first. Then an exclusive one is requested without
 * waiting. The member that gets it is the last, and removes the session. All others
 * just leave: nobody waits for a lock that another process can hold for long.
 */
#define _GNU_SOURCE
#include "session/leave.h"
#include "core/hole.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/helper.h"
#include "session/hints_use.h"
#include "session/lease_lock.h"
#include "session/left.h"
#include "session/remove.h"
#include "session/session.h"
#include "session/shut_in.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

enum {
	MOMENTS = 500,		  /* milliseconds, for processes of the same user */
	CONFINED_MOMENTS = 30000, /* for a helper that removes */
	MIXED_MOMENTS = 100,	  /* where other users could make us wait */
};

void session_let_go(void)
{
	struct session *s = &pt_session;

	if (s->lock)
		sys_unmap(s->lock, s->locked);
	if (s->held)
		sys_close(s->held - 1);
	s->lock = NULL;
	s->held = 0;
}

/* Whether the file of FD still has a name. */
static bool has_name(int fd)
{
	struct statx st;

	return sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0 && st.stx_nlink > 0;
}

/*
 * The helper or another member removes the session: waits a moment, so that nothing is
 * left when we return. The lease goes first, the root last.
 */
static void wait_for_remover(int rootfd, int lease)
{
	const int moments = session_mixed() ? MIXED_MOMENTS : MOMENTS;
	const int fd = rootfd >= 0 ? rootfd : lease;

	for (int i = 0; i < moments && has_name(fd); i++)
		sys_moment();
}

/*
 * The same from inside a domain, where only the helper can remove the root: waits as
 * long as that takes, and as there is a helper, who has a lock on it.
 */
static void wait_for_helper(int rootfd, int fd)
{
	wait_for_remover(rootfd, fd);
	for (int i = 0; i < CONFINED_MOMENTS && !has_name(fd) && has_name(rootfd) &&
			sys_flock(rootfd, LOCK_EX | LOCK_NB) == -EWOULDBLOCK;
	     i++)
		sys_moment();
}

/* Whether a root that cannot be removed for RET stays: a helper has no more success. */
static bool stays(int ret)
{
	return ret == -EPERM || ret == -EBUSY || ret == -EROFS || ret == -ESTALE;
}

/*
 * Removes the session. The owner reports what is left, but where a helper can remove a directory
 * once this process has closed what it has open there (NFS).
 */
static void remove_ours(int rootfd, bool watched)
{
	struct session *s = &pt_session;
	struct remains remains = { 0, 0, "" };
	int ret = remove_session(&s->lease, rootfd, &remains);
	struct left left;

	if (ret < 0 && remains.count && !(watched && remains.error == ENOTEMPTY)) {
		report(s->root, remains.name, remains.error,
		       "what could not be removed is still there: see to it, "
		       "then run privtmp sweep");
	} else if (ret < 0 && !remains.count && stays(ret)) {
		left = left_root(s->root, -ret);
		report(s->root, left.what, left.error,
		       left.remedy ? left.remedy : "see to it, then run privtmp sweep");
	}
}

/*
 * The last member cannot know who is behind the mount door: a helper does, or looks. FD no
 * longer holds a lock.
 */
static void leave_to_helper(int rootfd, int fd)
{
	bool watched = sys_flock(rootfd, LOCK_EX | LOCK_NB) == -EWOULDBLOCK;

	if (watched) {
		wait_for_remover(rootfd, fd);
		if (!has_name(fd))
			return;
		/* It was about to die, too. */
		watched = sys_flock(rootfd, LOCK_EX | LOCK_NB) == -EWOULDBLOCK;
	}
	if (watched)
		return;
	/* It inherits this lock. */
	helper_start(rootfd, fd, NULL);
}

/*
 * Called by the last member, who holds the exclusive lock by FD. It leaves the removal
 * to the helper where it no longer has the owner's identity, where other users may be
 * writing (mixed), and where only the helper can remove it (confine.h).
 */
static void be_last(int rootfd, int fd, bool watched)
{
	const bool confined = pt_session.lease.policy.confine == CONFINE_YES;

	if (rootfd >= 0 && (view_links() & LINKS_DOOR)) {
		lease_release(fd);
		leave_to_helper(rootfd, fd);
		sys_close(fd);
		return;
	}
	if (rootfd >= 0 && !(watched && (session_mixed() || confined))) {
		/* Another member may have marked it meanwhile. */
		if (!lease_kept(&pt_session.lease.policy, rootfd))
			remove_ours(rootfd, watched);
		sys_close(fd);
		return;
	}
	lease_release(fd);
	if (watched && confined && rootfd >= 0 && !session_mixed())
		wait_for_helper(rootfd, fd);
	else if (watched)
		wait_for_remover(rootfd, fd);
	sys_close(fd);
}

/* Opens the root where this process may remove it; else -errno. */
static int open_ours(void)
{
	struct session *s = &pt_session;
	struct statx st;

	if (sys_geteuid() != s->owner)
		return -EPERM;
	return trust_open_root(s->root, s->owner, &st);
}

/*
 * The exclusive lock of FD was refused, maybe by the shared lock of another member that
 * is leaving as well. So takes a shared lock and requests the exclusive one again: the
 * last to do so gets it. 1: this is the last member, 0: others live, or -errno.
 */
static int ask_again(int fd, bool both)
{
	int ret = lease_share(fd, both);

	if (ret < 0)
		return ret;
	if (lease_own(fd, false) == 0)
		return 1;
	lease_release(fd);
	return 0;
}

/* Other members live and may rely on us to remove the session: leaves a helper behind. */
static void leave_helper(int rootfd, int fd, bool watched)
{
	if (!watched && rootfd >= 0)
		helper_start(rootfd, fd, NULL);
	sys_close(fd);
}

/* The end of a member that may be the last. */
static void leave_last(void)
{
	const bool watched =
		session_watched(); /* asked as long as the hints can be read */
	const bool both = pt_session.lease.how & LEASE_LOCK_DESCRIPTION;
	int rootfd = open_ours();
	int fd = rootfd >= 0 ? lease_open_at(rootfd) : lease_open_named(pt_session.root);
	int last = 1;

	if (fd >= 0)
		lease_share(fd, both);
	session_let_go();
	if (fd >= 0 && lease_own(fd, HOLE(wait)) < 0)
		last = ask_again(fd, both);
	if (fd < 0) {
		/*
		 * The lease was removed, by a cleaner for example: the helper removes
		 * the rest.
		 */
	} else if (last > 0) {
		be_last(rootfd, fd, watched);
	} else if (last == 0) {
		leave_helper(rootfd, fd, watched);
	} else {
		wait_for_remover(rootfd, fd);
		sys_close(fd);
	}
	if (rootfd >= 0)
		sys_close(rootfd);
}

/* Waits for a bounded time while another thread makes a backing that we have to remove. */
static void wait_for_makers(void)
{
	struct session *s = &pt_session;

	for (int i = 0; i < MOMENTS; i++) {
		if (!__atomic_load_n(&s->makers, __ATOMIC_SEQ_CST) &&
		    __atomic_load_n(&s->state, __ATOMIC_SEQ_CST) != SESSION_STARTING)
			return;
		sys_moment();
	}
}

/* Whether this process removes nothing, even as the last member. */
static bool keeps_session(void)
{
	struct session *s = &pt_session;
	struct statx st;
	bool kept;
	int fd;

	if (s->lease.policy.keep == KEEP_NEVER)
		return false;
	fd = trust_open_root(s->root, s->owner, &st);
	kept = lease_kept(&s->lease.policy, fd);
	if (fd >= 0)
		sys_close(fd);
	return kept;
}

/*
 * Whether a process with this one's memory lives. The mapping is its lock, too, which the
 * kernel keeps until both have ended.
 */
static bool has_twin(void)
{
	const int twin = pt_session.twin;
	char path[sizeof "/proc/" + SYS_DECIMAL] = "/proc/";
	struct statx st;

	if (twin <= 0)
		return twin < 0;
	sys_decimal((unsigned long)twin, path + sizeof "/proc/" - 1);
	return sys_statx(AT_FDCWD, path, 0, &st) == 0;
}

void session_leave(bool maybe_vforked)
{
	struct session *s = &pt_session;
	int live = SESSION_LIVE;

	if (s->state == SESSION_STARTING)
		wait_for_makers();
	/* The kernel tells the helper, which removes it. */
	if (s->state != SESSION_LIVE || s->shut_in || shut_in_by_itself())
		return;
	if (keeps_session() || has_twin())
		return;
	/*
	 * A parent that is a member will, or leaves a helper behind. (The parent of a
	 * vfork child is this very process.)
	 */
	if (s->parent && sys_getppid() == s->parent)
		return;
	if (maybe_vforked && sys_getpid() != s->pid)
		return;
	if (!__atomic_compare_exchange_n(&s->state, &live, SESSION_LEFT, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE))
		return;
	wait_for_makers();
	leave_last();
}
