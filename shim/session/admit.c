/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Admission; see admit.h. The extended attribute has the layout of
 * <linux/posix_acl_xattr.h>. libacl is not used because it allocates.
 */
#define _GNU_SOURCE
#include "session/admit.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/hints.h"
#include "session/hints_use.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum {
	ACL_VERSION = 2,
	ACL_USER_OBJ = 0x01,
	ACL_USER = 0x02,
	ACL_GROUP_OBJ = 0x04,
	ACL_MASK = 0x10,
	ACL_OTHER = 0x20,
	ACL_ENTRIES = 64, /* with the four that are not users */
	SEARCH = 1,
	/*
	 * Marks a user who was admitted for good, so that admit_withdraw sees it. The
	 * mask reduces it to SEARCH.
	 */
	GOOD = SEARCH | 4,
	ALL = 7,
};

struct acl_entry {
	uint16_t tag, perm;
	uint32_t id;
};

struct acl {
	uint32_t version;
	struct acl_entry entry[ACL_ENTRIES];
};

static const char acl_name[] = "system.posix_acl_access";

/*
 * Appends the users in ACL but UID to TO, and returns their number. All are users whom
 * we admitted: a root is made without an ACL (make.c). *HAD is the permission of UID.
 */
static unsigned keep_users(const struct acl *acl, long size, uint32_t uid,
			   struct acl_entry *to, uint16_t *had)
{
	size_t entries = size < 4 ? 0 : ((size_t)size - 4) / sizeof *to;
	unsigned n = 0;

	*had = 0;
	for (size_t i = 0; i < entries; i++) {
		if (acl->entry[i].tag != ACL_USER)
			continue;
		if (acl->entry[i].id == uid)
			*had = acl->entry[i].perm;
		else
			to[n++] = acl->entry[i];
	}
	return n;
}

/*
 * Rewrites the ACL of the root FD. UID gets PERM; PERM 0 removes UID, unless it was
 * admitted for good. GROUP is the permission of the owning group. ADMIT_*, or -errno.
 */
static int write_acl(int fd, uint32_t uid, uint16_t perm, uint16_t group)
{
	struct acl old, acl = { .version = ACL_VERSION };
	long size = SYS4(SYS_fgetxattr, fd, acl_name, &old, sizeof old), ret;
	struct acl_entry users[ACL_ENTRIES];
	unsigned n = 0, count;
	uint16_t had;

	count = keep_users(&old, size, uid, users, &had);
	if (had == GOOD)
		perm = GOOD;
	if (size == -ERANGE || (perm && count + 5 > ACL_ENTRIES))
		return -ENOSPC;
	acl.entry[n++] = (struct acl_entry){ ACL_USER_OBJ, ALL, ~0u };
	memcpy(acl.entry + n, users, count * sizeof *users);
	n += count;
	if (perm)
		acl.entry[n++] = (struct acl_entry){ ACL_USER, perm, uid };
	acl.entry[n++] = (struct acl_entry){ ACL_GROUP_OBJ, group, ~0u };
	acl.entry[n++] = (struct acl_entry){ ACL_MASK, SEARCH, ~0u };
	acl.entry[n++] = (struct acl_entry){ ACL_OTHER, 0, ~0u };
	ret = SYS5(SYS_fsetxattr, fd, acl_name, &acl, 4 + n * sizeof *acl.entry, 0);
	return ret < 0 ? (int)ret : had ? ADMIT_BY_USER : ADMIT_NEW;
}

unsigned admit_group(void)
{
	uint32_t hash = 2166136261u;

	for (const char *at = pt_session.root; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return 0x70000000u | (hash & 0x07ffffffu);
}

/* Lets the session's group search the root FD. ADMIT_BY_GROUP or -errno. */
static int open_to_group(int fd)
{
	int ret = sys_fchown(fd, ~0u, admit_group());

	if (ret == 0)
		ret = write_acl(fd, 0, 0, SEARCH);
	/*
	 * No ACLs on this file system, or a filter. Without ownership the group fails
	 * as well.
	 */
	if (ret == -EOPNOTSUPP || ret == -ENOSYS || ret == -EPERM)
		ret = sys_fchmod(fd, 0710);
	return ret < 0 ? ret : ADMIT_BY_GROUP;
}

static int open_root(int fd, uint32_t uid, uint16_t perm)
{
	struct statx st;
	int ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);

	/* Once the group is used, it is used for all later users. */
	if (ret == 0 && st.stx_gid == admit_group())
		return open_to_group(fd);
	ret = write_acl(fd, uid, perm, 0);
	return ret >= 0 ? ret : open_to_group(fd);
}

static int close_root(int fd, uint32_t uid, uint16_t perm)
{
	struct statx st;
	int ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);

	if (ret < 0 || st.stx_gid == admit_group())
		return ret;
	ret = write_acl(fd, uid, perm, 0);
	return ret < 0 ? ret : 0;
}

typedef int root_fn(int fd, uint32_t uid, uint16_t perm);

/*
 * Calls FN for each root that exists. The session's own root comes first. Each root but
 * the last shows how far another member has come. The greatest result, or -errno.
 */
static int each_root(root_fn *fn, uint32_t uid, uint16_t perm)
{
	const struct session *s = &pt_session;
	const struct policy *policy = &s->lease.policy;
	char root[POLICY_ROOT_MAX + 1];
	int most = 0;

	for (unsigned i = 0; i <= policy->guards; i++) {
		struct statx st;
		int fd, ret;

		text_copy(i ? &policy->guard[i - 1].root : &s->lease.session, root);
		if (i && !strcmp(root, s->root))
			continue; /* once */
		fd = trust_open_root(root, s->owner, &st);
		/* A root that could not be made: calls there report why. */
		if (fd == -ENOENT && i)
			continue;
		if (fd < 0)
			return fd;
		ret = fn(fd, uid, perm);
		sys_close(fd);
		if (ret < 0)
			return ret;
		if (ret > most)
			most = ret;
	}
	return most;
}

/* Locks the ACLs against other members. -1: without a lock. */
static int lock(void)
{
	struct statx st;
	int root = trust_open_root(pt_session.root, pt_session.owner, &st);
	int fd = root < 0 ? root : hints_lock(root);

	if (root >= 0)
		sys_close(root);
	return fd;
}

static void unlock(int fd)
{
	if (fd >= 0)
		sys_close(fd);
}

int admit_user(unsigned uid, bool good)
{
	/* Set before anybody is admitted: from now on backings are treated as shared. */
	int fd, ret = session_links(LINKS_MIXED);

	if (ret < 0)
		return ret;
	fd = lock();
	ret = each_root(open_root, uid, good ? GOOD : SEARCH);
	unlock(fd);
	return ret;
}

int admit_withdraw(unsigned uid, const unsigned *users)
{
	int fd = lock(), ret = -EBUSY;

	if (!__atomic_load_n(users, __ATOMIC_SEQ_CST))
		ret = each_root(close_root, uid, 0);
	unlock(fd);
	return ret;
}
