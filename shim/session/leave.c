/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Leaving a session, and its end; see session.h.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "core/sys.h"
#include "session/remove.h"
#include "core/report.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>

void session_let_go(void)
{
	struct session *s = &pt_session;
#ifdef SYS_mmap2
	const long map = SYS_mmap2;
#else
	const long map = SYS_mmap;
#endif
	/*
	 * The fresh page is all zeros: no links, no reaper. What replaces the
	 * mapping drops the last reference to the lock's description.
	 */
	sys_call(map, (long)s->page, (long)s->mapped, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* Removes a root whose maker died before there was a lease that says more. */
static int reap_half_made(const char *root, struct remains *remains)
{
	int fd = sys_openat(AT_FDCWD, root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
			    O_CLOEXEC, 0), ret;
	struct remains unused = { 0, 0, "" };

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	ret = remove_contents(fd, NULL, remains ? remains : &unused);
	sys_close(fd);
	if (ret == 0)
		ret = sys_unlinkat(AT_FDCWD, root, AT_REMOVEDIR);
	return ret == -ENOENT ? 0 : ret;
}

int session_reap(const char *root, bool wait, bool (*woken)(int lease),
		 struct remains *remains)
{
	/* The text is read anew: there may be no member's copy of it. */
	static struct lease lease;
	int fd = lease_open(root), ret;

	if (fd == -ENOENT)
		return reap_half_made(root, remains);
	if (fd < 0)
		return fd;
	do
		ret = lease_own(fd, wait);
	while (ret == -EINTR && woken && woken(fd));
	if (ret == 0) {
		ret = lease_read(fd, &lease);
		if (ret == -EBADMSG && lease.len == 0)
			ret = reap_half_made(root, remains);
		else if (ret == 0 && lease_kept(&lease.policy, lease.text))
			ret = -ECANCELED;
		else if (ret == 0)
			ret = remove_session(&lease, remains);
	}
	sys_close(fd);
	return ret;
}

void session_unwatched(const char *root)
{
	int fd = lease_open(root);

	if (fd < 0)
		return;
	sys_pwrite(fd, ".", 1, LEASE_REAPER);
	sys_close(fd);
}

/* Removes the session; what is left is told by the one who owned it. */
static void remove_ours(void)
{
	struct session *s = &pt_session;
	struct remains remains = { 0, 0, "" };

	/* Whoever has given up that identity leaves a helper that has it. */
	if (remove_session(&s->lease, &remains) < 0 && remains.count &&
	    sys_geteuid() == s->owner)
		report(s->root, remains.name, remains.error,
		       "what could not be removed is still there: see to it, "
		       "then run privtmp sweep");
}

/*
 * The last one out is not the owner any more: the helper has been waiting since
 * before that changed. For a moment, so that nothing is left when we return.
 */
static void wait_for_helper(void)
{
	char lease[POLICY_ROOT_MAX + 16];
	struct statx st;

	lease_path(pt_session.root, LEASE_NAME, lease, sizeof lease);
	for (int i = 0; i < 500; i++) {
		if (sys_statx(AT_FDCWD, lease, AT_SYMLINK_NOFOLLOW, &st) < 0)
			return;
		sys_moment();
	}
}

static bool is_there(int fd)
{
	struct statx st;

	return sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0 && st.stx_nlink > 0;
}

/*
 * The end of a member that may be the last. Three answers: an exclusive lock
 * says that it was; a shared one, that others live; neither, that a remover is
 * at work, which is waited for, so that nothing is left when we return.
 */
static void leave_last(void)
{
	struct session *s = &pt_session;
	bool reaper = s->page[LEASE_REAPER] != '.';
	unsigned euid = sys_geteuid();
	int fd;

	session_let_go();
	fd = lease_open(s->root);
	if (fd < 0)
		return;
	if (lease_own(fd, false) == 0) {
		if (reaper && euid && euid != s->owner) {
			sys_close(fd);
			wait_for_helper();
			return;
		}
		remove_ours();
	} else if (lease_share(fd) == 0) {
		/* They may count on us to clean up: leave someone behind. */
		if (!reaper)
			reaper_start(NULL);
	} else {
		/* What it could not remove we have to tell: it has nobody to. */
		sys_flock(fd, LOCK_SH);
		if (is_there(fd) && lease_own(fd, false) == 0)
			remove_ours();
	}
	sys_close(fd);
}

/* Waits, not for ever, while another thread is making what we are to remove. */
static void wait_for_makers(void)
{
	struct session *s = &pt_session;

	for (int i = 0; i < 500; i++) {
		if (!__atomic_load_n(&s->makers, __ATOMIC_SEQ_CST) &&
		    __atomic_load_n(&s->state, __ATOMIC_SEQ_CST) !=
			    SESSION_STARTING)
			return;
		sys_moment();
	}
}

void session_leave(bool maybe_vforked)
{
	struct session *s = &pt_session;
	int live = SESSION_LIVE;

	if (s->state == SESSION_STARTING)
		wait_for_makers();
	if (s->state != SESSION_LIVE)
		return;
	if (lease_kept(&s->lease.policy, s->page))
		return;
	/*
	 * A parent that is a member will do it, or leave a reaper behind. (A vfork
	 * child's parent is this process itself.)
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
