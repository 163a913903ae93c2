/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other identities; see identity.h. Search permission on a root is given by a
 * POSIX ACL entry, which leaves everyone else out; where the file system has
 * none, the root is given to the user. The layout of the extended attribute is
 * <linux/posix_acl_xattr.h>'s; libacl would allocate.
 */
#define _GNU_SOURCE
#include "identity.h"
#include "raw.h"
#include "session.h"
#include "wrap.h"

#include <sys/stat.h>

enum {
	ACL_VERSION = 2,
	ACL_USER_OBJ = 0x01,
	ACL_USER = 0x02,
	ACL_GROUP_OBJ = 0x04,
	ACL_MASK = 0x10,
	ACL_OTHER = 0x20,
	ACL_ENTRIES = 64,	/* users of one session at most */
	SEARCH = 1,
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

/* Appends the users that ACL lets in (but UID) to TO; returns how many. */
static unsigned keep_users(const struct acl *acl, ssize_t size, uint32_t uid,
			   struct acl_entry *to)
{
	unsigned n = 0;
	size_t entries = size < 4 ? 0 : ((size_t)size - 4) / sizeof *to;

	for (size_t i = 0; i < entries && n < ACL_ENTRIES - 5; i++)
		if (acl->entry[i].tag == ACL_USER && acl->entry[i].id != uid)
			to[n++] = acl->entry[i];
	return n;
}

/* Lets UID search the directory ROOT. 0 or -errno. */
static int admit(const char *root, uint32_t uid)
{
	struct acl old, acl = { .version = ACL_VERSION };
	ssize_t size = RAW4(SYS_getxattr, root, acl_name, &old, sizeof old);
	unsigned n = 0;
	long ret;

	acl.entry[n++] = (struct acl_entry){ ACL_USER_OBJ, ALL, ~0u };
	n += keep_users(&old, size, uid, acl.entry + n);
	acl.entry[n++] = (struct acl_entry){ ACL_USER, SEARCH, uid };
	acl.entry[n++] = (struct acl_entry){ ACL_GROUP_OBJ, 0, ~0u };
	acl.entry[n++] = (struct acl_entry){ ACL_MASK, SEARCH, ~0u };
	acl.entry[n++] = (struct acl_entry){ ACL_OTHER, 0, ~0u };
	ret = RAW5(SYS_setxattr, root, acl_name, &acl,
		   4 + n * sizeof *acl.entry, 0);
	if (ret == -EOPNOTSUPP || ret == -ENOSYS)
		ret = RAW5(SYS_fchownat, AT_FDCWD, root, uid, -1,
			   AT_SYMLINK_NOFOLLOW);
	return (int)ret;
}

/* What the user could not do later on: make backings, the reaper, flags. */
static void make_ready(void)
{
	struct session *s = &pt_session;
	char lease[POLICY_ROOT_MAX + 16];

	for (unsigned i = 0; i < s->lease.policy.guards; i++)
		session_need_backing(i);
	session_wrote();
	/* The lease is the owner's to write: it cannot say this later. */
	session_links(LINKS_INSIDE);
	lease_path(s->root, LEASE_NAME, lease, sizeof lease);
	raw_fchmodat(AT_FDCWD, lease, 0644);
}

void identity_prepare(unsigned uid)
{
	struct session *s = &pt_session;
	static unsigned admitted[8], next;
	static bool ready;
	char root[POLICY_ROOT_MAX + 1];

	/* (unsigned)-1 is "leave it as it is". */
	if (uid == 0 || uid == ~0u || uid == s->euid)
		return;
	/* What the user would make, root's children would not believe. */
	session_share();
	if (s->state != SESSION_LIVE || uid == s->owner || uid == 0 ||
	    uid == ~0u || (s->euid != 0 && s->euid != s->owner))
		return;
	for (unsigned i = 0; i < 8; i++)
		if (admitted[i] == uid)
			return;
	if (!ready)
		make_ready();
	ready = true;
	for (unsigned i = 0; i < s->lease.policy.guards; i++) {
		lease_root(&s->lease.policy.guard[i].root, root);
		if (admit(root, uid) < 0)
			return;
	}
	admitted[next++ % 8] = uid;
}

WRAP(int, setuid, unsigned uid);
WRAP(int, seteuid, unsigned uid);
WRAP(int, setreuid, unsigned real, unsigned effective);
WRAP(int, setresuid, unsigned real, unsigned effective, unsigned saved);
WRAP(int, setfsuid, unsigned uid);

int pt_setuid(unsigned uid)
{
	identity_prepare(uid);
	return REAL(setuid)(uid);
}

int pt_seteuid(unsigned uid)
{
	identity_prepare(uid);
	return REAL(seteuid)(uid);
}

int pt_setreuid(unsigned real, unsigned effective)
{
	identity_prepare(real);
	identity_prepare(effective);
	return REAL(setreuid)(real, effective);
}

int pt_setresuid(unsigned real, unsigned effective, unsigned saved)
{
	identity_prepare(real);
	identity_prepare(effective);
	identity_prepare(saved);
	return REAL(setresuid)(real, effective, saved);
}

int pt_setfsuid(unsigned uid)
{
	identity_prepare(uid);
	return REAL(setfsuid)(uid);
}
