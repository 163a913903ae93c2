/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removes a session that all members have left; see reap.h. */
#define _GNU_SOURCE
#include "session/reap.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/behind.h"
#include "session/hints.h"
#include "session/lease_lock.h"
#include "session/remove.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

/*
 * Whether LEASE can be trusted to say what is removed: its file is read-only, belongs
 * to the owner, and names the root in which it was found. A root whose name a cleaner
 * has removed has no other.
 */
static int check_lease(int fd, const struct lease *lease, const struct statx *root)
{
	char name[POLICY_ROOT_MAX + 1];
	struct statx st;
	int ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);

	if (ret < 0)
		return ret;
	if (!trust_sealed(&st) || st.stx_uid != root->stx_uid)
		return -EPERM;
	text_copy(&lease->session, name);
	ret = sys_look(AT_FDCWD, name, &st);
	if (ret == 0 && !trust_same(&st, root))
		return root->stx_nlink ? -ESTALE : 0;
	return 0;
}

/* Whether the root ROOTFD is the effective user's own. */
static int check_own_root(int rootfd, struct statx *root)
{
	int ret = sys_statx(rootfd, "", AT_EMPTY_PATH, root);

	if (ret == 0 && !trust_root(root, sys_geteuid()))
		ret = -EPERM;
	return ret;
}

enum { SOON = 200 }; /* milliseconds */

bool session_is_behind(int rootfd, const struct lease *lease)
{
	bool keepers;

	return hints_of_doors(rootfd, &keepers) && behind_any(&lease->policy);
}

/* Waits for the lease FD alone. */
static int own_lease(int rootfd, int fd, bool wait, const struct reaper *reaper)
{
	int ret;

	do
		ret = lease_own(fd, wait);
	while (ret == -EINTR && reaper->woken && reaper->woken(rootfd, fd));
	return ret;
}

/* The same, and until nobody is behind the door; a member meanwhile. */
static int own_all(int rootfd, int fd, bool wait, const struct lease *lease,
		   const struct reaper *reaper)
{
	int ret = own_lease(rootfd, fd, wait, reaper);

	while (ret == 0 && !(reaper->knows && reaper->knows(rootfd)) &&
	       session_is_behind(rootfd, lease)) {
		if (!wait) {
			lease_release(fd);
			return -EWOULDBLOCK;
		}
		lease_share(fd, lease->how & LEASE_LOCK_DESCRIPTION);
		while (behind_any(&lease->policy))
			if (sys_pause(SOON) == -EINTR && reaper->woken &&
			    !reaper->woken(rootfd, fd))
				return -EINTR;
		ret = own_lease(rootfd, fd, wait, reaper);
	}
	return ret;
}

int session_reap(int rootfd, int fd, bool wait, const struct reaper *reaper,
		 struct remains *remains)
{
	static const struct reaper none = { NULL, NULL };
	/* Read here: this process need not be a member. */
	static struct lease lease;
	struct statx root;
	int ret = check_own_root(rootfd, &root);

	if (ret == 0)
		ret = lease_read(fd, &lease);
	if (ret == 0)
		report_use((enum report_to)lease.policy.log);
	if (ret == 0)
		ret = own_all(rootfd, fd, wait, &lease, reaper ? reaper : &none);
	if (ret == 0)
		ret = sys_statx(rootfd, "", AT_EMPTY_PATH, &root);
	if (ret == 0)
		ret = check_lease(fd, &lease, &root);
	if (ret == 0 && lease_kept(&lease.policy, rootfd))
		ret = -ECANCELED;
	else if (ret == 0)
		ret = remove_session(&lease, rootfd, remains);
	return ret;
}

void session_unwatched(int rootfd)
{
	static struct lease lease;
	char root[POLICY_ROOT_MAX + 1];
	struct statx st;
	int fd = lease_open_at(rootfd);

	if (fd < 0)
		return;
	if (lease_read(fd, &lease) == 0 && check_own_root(rootfd, &st) == 0) {
		text_copy(&lease.session, root);
		hints_change(root, st.stx_uid, LINKS_UNWATCHED, 0);
	}
	sys_close(fd);
}
