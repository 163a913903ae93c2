/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other identities; see setuid.h.
 *
 * A root stays its owner's: whoever owned it could put something else in the
 * backing's place, under the feet of the daemon that let him in. Search
 * permission is given by a POSIX ACL entry, which leaves everyone else out. Where
 * the file system has no ACLs, or an ACL has no room for yet another user, a
 * group does it that no account has: the session's own, which the process takes
 * along as a supplementary one.
 *
 * The layout of the extended attribute is <linux/posix_acl_xattr.h>'s; libacl
 * would allocate.
 */
#define _GNU_SOURCE
#include "wrap/setuid.h"
#include "core/sys.h"
#include "core/report.h"
#include "route/sticky.h"
#include "session/session.h"
#include "wrap/wrap.h"

#include <sys/file.h>
#include <sys/stat.h>

#ifdef SYS_setgroups32
#define SYS_GETGROUPS SYS_getgroups32
#define SYS_SETGROUPS SYS_setgroups32
#else
#define SYS_GETGROUPS SYS_getgroups
#define SYS_SETGROUPS SYS_setgroups
#endif

enum {
	ACL_VERSION = 2,
	ACL_USER_OBJ = 0x01,
	ACL_USER = 0x02,
	ACL_GROUP_OBJ = 0x04,
	ACL_MASK = 0x10,
	ACL_OTHER = 0x20,
	ACL_ENTRIES = 64,	/* with four that are not users */
	SEARCH = 1,
	ALL = 7,
	GROUPS = 65536,		/* the kernel's NGROUPS_MAX */
	CACHED = 8,
};

struct acl_entry {
	uint16_t tag, perm;
	uint32_t id;
};

struct acl {
	uint32_t version;
	struct acl_entry entry[ACL_ENTRIES];
};

WRAP(int, setgroups, size_t n, const unsigned *list);

/* What this process knows to be done for the session at ROOT. */
static struct {
	char root[POLICY_ROOT_MAX + 1];
	unsigned admitted[CACHED], next;
	bool ready;
	bool by_group;
	bool told;
} done;

static const char acl_name[] = "system.posix_acl_access";

/* Appends the users that ACL lets in (but UID) to TO; returns how many. */
static unsigned keep_users(const struct acl *acl, ssize_t size, uint32_t uid,
			   struct acl_entry *to)
{
	unsigned n = 0;
	size_t entries = size < 4 ? 0 : ((size_t)size - 4) / sizeof *to;

	for (size_t i = 0; i < entries; i++)
		if (acl->entry[i].tag == ACL_USER && acl->entry[i].id != uid)
			to[n++] = acl->entry[i];
	return n;
}

/*
 * Writes ROOT's ACL anew, with UID (~0: nobody new) among its users; GROUP is
 * what the directory's group may do. 0 or -errno.
 */
static int write_acl(const char *root, uint32_t uid, uint16_t group)
{
	struct acl old, acl = { .version = ACL_VERSION };
	ssize_t size = SYS4(SYS_getxattr, root, acl_name, &old, sizeof old);
	struct acl_entry users[ACL_ENTRIES];
	unsigned n = 0, count = keep_users(&old, size, uid, users);

	if (size == -ERANGE || (uid != ~0u && count + 5 > ACL_ENTRIES))
		return -ENOSPC;
	acl.entry[n++] = (struct acl_entry){ ACL_USER_OBJ, ALL, ~0u };
	memcpy(acl.entry + n, users, count * sizeof *users);
	n += count;
	if (uid != ~0u)
		acl.entry[n++] = (struct acl_entry){ ACL_USER, SEARCH, uid };
	acl.entry[n++] = (struct acl_entry){ ACL_GROUP_OBJ, group, ~0u };
	acl.entry[n++] = (struct acl_entry){ ACL_MASK, SEARCH, ~0u };
	acl.entry[n++] = (struct acl_entry){ ACL_OTHER, 0, ~0u };
	return (int)SYS5(SYS_setxattr, root, acl_name, &acl,
			 4 + n * sizeof *acl.entry, 0);
}

/*
 * The session's own group: from a range that no system gives to accounts,
 * services or containers, by the session's name, so that all members come to the
 * same one.
 */
static unsigned own_group(void)
{
	uint32_t hash = 2166136261u;

	for (const char *at = pt_session.root; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return 0x70000000u | (hash & 0x07ffffffu);
}

/* Lets the session's own group search ROOT. 0 or -errno. */
static int admit_group(const char *root)
{
	long ret = SYS5(SYS_fchownat, AT_FDCWD, root, -1, own_group(),
			AT_SYMLINK_NOFOLLOW);

	if (ret == 0)
		ret = write_acl(root, ~0u, SEARCH);
	if (ret == -EOPNOTSUPP || ret == -ENOSYS)
		ret = sys_fchmodat(AT_FDCWD, root, 0710);
	return (int)ret;
}

static int admit(const char *root, uint32_t uid)
{
	int ret = done.by_group ? -ENOSPC : write_acl(root, uid, 0);

	if (ret == 0 || ret == -EPERM || ret == -ENOENT)
		return ret;
	ret = admit_group(root);
	done.by_group |= ret == 0;
	return ret;
}

/*
 * Adds the session's group to the process's. ALL: in all threads, as libc's own
 * functions do it; whoever goes by system calls means this one alone.
 */
static int join_group(bool all)
{
	const unsigned group = own_group();
	int error = 0;
	unsigned *list = sys_pages((GROUPS + 1) * sizeof *list, &error);
	long n;

	if (!list)
		return -error;
	n = SYS2(SYS_GETGROUPS, GROUPS, list);
	for (long i = 0; i < n && error == 0; i++)
		if (list[i] == group)
			error = EEXIST;
	if (n < 0)
		error = (int)-n;
	if (error == 0 && n == GROUPS)
		error = ENOSPC;
	if (error == 0) {
		int saved = errno;

		list[n] = group;
		if (all && REAL(setgroups)((size_t)n + 1, list) < 0)
			error = errno;
		if (!all)
			error = (int)-SYS2(SYS_SETGROUPS, n + 1, list);
		errno = saved;
	}
	sys_unmap(list, (GROUPS + 1) * sizeof *list);
	return error == EEXIST ? 0 : -error;
}

/* What the user could not do later on: make backings, the reaper, flags. */
static void make_ready(void)
{
	struct session *s = &pt_session;

	for (unsigned i = 0; i < s->lease.policy.guards; i++)
		session_need_backing(i, false);
	session_wrote();
	/* From now on a backing is a shared directory. */
	session_links(LINKS_MIXED);
}

/*
 * Keeps other members from changing the same ACL. Nobody but the owner can open
 * a root, so nobody else can hold this; and it is not held for long.
 */
static int lock_root(void)
{
	int fd = sys_openat(AT_FDCWD, pt_session.root,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);

	for (int i = 0; fd >= 0 && i < 1000; i++) {
		if (sys_flock(fd, LOCK_EX | LOCK_NB) != -EWOULDBLOCK)
			break;
		sys_moment();
	}
	return fd;
}

/* Lets UID search all roots. 0 or -errno. */
static int admit_to_all(unsigned uid)
{
	const struct policy *policy = &pt_session.lease.policy;
	char root[POLICY_ROOT_MAX + 1];
	int fd = lock_root(), ret = 0;

	for (unsigned i = 0; i < policy->guards && ret == 0; i++) {
		lease_root(&policy->guard[i].root, root);
		ret = admit(root, uid);
		/* A backing that could not be made: calls there say why. */
		if (ret == -ENOENT && i > 0)
			ret = 0;
	}
	if (fd >= 0)
		sys_close(fd);
	return ret;
}

static bool is_admitted(unsigned uid)
{
	for (unsigned i = 0; i < CACHED; i++)
		if (done.admitted[i] == uid)
			return true;
	return false;
}

/* After chroot(2) there may be another session. */
static void begin(void)
{
	if (!strcmp(done.root, pt_session.root))
		return;
	memset(&done, 0, sizeof done);
	memcpy(done.root, pt_session.root, strlen(pt_session.root) + 1);
}

static void prepare(unsigned uid, bool all)
{
	struct session *s = &pt_session;
	unsigned euid;
	int ret = 0;

	/* (unsigned)-1 is "leave it as it is". */
	if (uid == 0 || uid == ~0u)
		return;
	euid = sys_geteuid();
	if (uid == euid)
		return;
	/* What the user would make, root's children would not believe. */
	session_share();
	if (s->state != SESSION_LIVE || uid == s->owner ||
	    (euid != 0 && euid != s->owner))
		return;
	begin();
	if (!done.ready)
		make_ready();
	done.ready = true;
	if (!is_admitted(uid)) {
		ret = admit_to_all(uid);
		if (ret == 0)
			done.admitted[done.next++ % CACHED] = uid;
	}
	/* Each process, and again where it has got other groups meanwhile. */
	if (ret == 0 && done.by_group)
		ret = join_group(all);
	if (ret < 0 && !done.told) {
		done.told = true;
		report(s->root, "another user cannot be let in here", -ret,
		       "set PRIVTMP_ROOT to a directory with ACLs");
	}
}

void setuid_prepare(unsigned uid)
{
	prepare(uid, false);
}

WRAP(int, setuid, unsigned uid);
WRAP(int, seteuid, unsigned uid);
WRAP(int, setreuid, unsigned real, unsigned effective);
WRAP(int, setresuid, unsigned real, unsigned effective, unsigned saved);
WRAP(int, setfsuid, unsigned uid);

int pt_setuid(unsigned uid)
{
	prepare(uid, true);
	return REAL(setuid)(uid);
}

int pt_seteuid(unsigned uid)
{
	prepare(uid, true);
	return REAL(seteuid)(uid);
}

int pt_setreuid(unsigned real, unsigned effective)
{
	prepare(real, true);
	prepare(effective, true);
	return REAL(setreuid)(real, effective);
}

int pt_setresuid(unsigned real, unsigned effective, unsigned saved)
{
	prepare(real, true);
	prepare(effective, true);
	prepare(saved, true);
	return REAL(setresuid)(real, effective, saved);
}

int pt_setfsuid(unsigned uid)
{
	sticky_by_fsuid = true;
	prepare(uid, false);	/* libc's, too, means this thread alone */
	return REAL(setfsuid)(uid);
}

/* Privileged programs with reasons of their own set the groups last. */
static int keep_group(int ret)
{
	if (ret == 0 && done.by_group && !strcmp(done.root, pt_session.root))
		join_group(true);
	return ret;
}

int pt_setgroups(size_t n, const unsigned *list)
{
	return keep_group(REAL(setgroups)(n, list));
}

WRAP(int, initgroups, const char *user, unsigned group);

int pt_initgroups(const char *user, unsigned group)
{
	return keep_group(REAL(initgroups)(user, group));
}
