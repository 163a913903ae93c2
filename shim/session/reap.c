/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removes a session that all members have left; see reap.h. */
#define _GNU_SOURCE
#include "session/reap.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/view.h"
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
	ret = sys_statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, &st);
	if (ret == 0 && !trust_same(&st, root))
		return root->stx_nlink ? -EPERM : 0;
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

int session_reap(int rootfd, int fd, bool wait, bool (*woken)(int rootfd, int lease),
		 struct remains *remains)
{
	/* Read here: this process need not be a member. */
	static struct lease lease;
	struct statx root;
	int ret = check_own_root(rootfd, &root);

	if (ret == 0)
		ret = lease_read(fd, &lease);
	if (ret == 0)
		report_use((enum report_to)lease.policy.log);
	while (ret == 0 && (ret = lease_own(fd, wait)) == -EINTR && woken &&
	       woken(rootfd, fd))
		ret = 0;
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
