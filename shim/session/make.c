/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making roots; see make.h.
 *
 * A root gets a random name, is opened without following a link, checked, and then used
 * by its descriptor. The lease gets its name last, so nobody joins half a session.
 */
#define _GNU_SOURCE
#include "session/make.h"
#include "core/hole.h"
#include "core/sys.h"
#include "policy/places.h"
#include "policy/view.h"
#include "session/hints.h"
#include "session/internal.h"
#include "session/lease.h"
#include "session/lease_lock.h"
#include "session/remove.h"
#include "session/root_name.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum {
	ROOT_MODE = 0700,     /* only for its owner */
	PASSAGE_MODE = 0711,  /* between a root and a backing */
	BACKING_MODE = 01777, /* as /tmp itself */
	TRIES = 20,	      /* of a call that signals interrupt */
};

static int make_directory(int dirfd, const char *path, unsigned mode)
{
	int ret = -EINTR;

	for (int i = 0; i < TRIES && ret == -EINTR; i++)
		ret = sys_mkdirat(dirfd, path, mode);
	return ret;
}

/* mkdir(2) with an exact mode, despite the umask. */
static int make_dir(int dirfd, const char *name, unsigned mode)
{
	int ret = make_directory(dirfd, name, mode);

	if (ret == -EEXIST)
		return 0;
	return ret < 0 ? ret : sys_fchmodat(dirfd, name, mode);
}

/*
 * Removes ACLs inherited from the parent directory. The root's ACL then has only users
 * whom we add (admit.h).
 */
static int drop_acls(int fd)
{
	static const char inherited[] = "system.posix_acl_default",
			  access[] = "system.posix_acl_access";
	long ret = SYS4(SYS_fgetxattr, fd, inherited, NULL, 0);

	if (ret < 0 || HOLE(acl))
		return 0;
	ret = SYS2(SYS_fremovexattr, fd, inherited);
	if (ret == 0)
		ret = SYS2(SYS_fremovexattr, fd, access);
	if (ret == 0 || ret == -ENODATA)
		ret = sys_fchmod(fd, ROOT_MODE);
	return (int)ret;
}

/* Checks the new root FD, and removes inherited permissions. */
static int settle_root(int fd, unsigned owner)
{
	struct statx st;
	int ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);

	if (ret == 0 && !trust_root(&st, owner))
		ret = -EPERM;
	/*
	 * The umask may remove the owner's rights, and a set-group-ID parent adds its
	 * bit.
	 */
	if (ret == 0 && (st.stx_mode & 07777) != ROOT_MODE)
		ret = sys_fchmod(fd, ROOT_MODE);
	return ret < 0 ? ret : drop_acls(fd);
}

/*
 * Makes and opens ROOT. AGAIN: an existing one is used, if it is ours. A descriptor, or
 * -errno.
 */
static int make_root(const char *root, unsigned owner, bool again)
{
	int ret = trust_parents(root, owner), made, fd;
	struct statx st;

	if (ret < 0)
		return ret;
	made = make_directory(AT_FDCWD, root, ROOT_MODE);
	if (made == -EEXIST && again)
		return trust_open_root(root, owner, &st);
	if (made < 0)
		return made;
	fd = sys_openat(AT_FDCWD, root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
			0);
	/* The umask may forbid the owner to open it. */
	if (fd == -EACCES && sys_fchmodat(AT_FDCWD, root, ROOT_MODE) == 0)
		fd = sys_openat(AT_FDCWD, root,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	ret = fd < 0 ? fd : settle_root(fd, owner);
	if (ret >= 0)
		return fd;
	if (fd >= 0)
		sys_close(fd);
	sys_unlinkat(AT_FDCWD, root, AT_REMOVEDIR);
	return ret;
}

/* Makes the directory PATH ("/var/tmp") in DIRFD, with its parents. */
static int make_below(int dirfd, const struct text *path, unsigned mode)
{
	int ret = 0;

	if (path->len >= PATH_MAX)
		return -ENAMETOOLONG;
	/* Sized exactly: a signal handler on a small stack may be the first to need it. */
	char name[path->len + 1];

	for (size_t i = 1; i <= path->len && ret == 0; i++) {
		bool end = i == path->len;

		if (!end && path->at[i] != '/')
			continue;
		memcpy(name, path->at + 1, i - 1);
		name[i - 1] = '\0';
		ret = make_dir(dirfd, name, end ? mode : PASSAGE_MODE);
	}
	return ret;
}

/*
 * Makes $TMPDIR where it lies below a guarded directory (pam_tmpdir's /tmp/user/1000),
 * empty, in that one's backing: the program expects it to exist.
 */
static void make_tmpdir(int dirfd, unsigned guard)
{
	const char *path = pt_session.tmpdir;
	size_t len = strlen(path), inside;
	struct statx st;

	if (!len || view_guard_of(path, len, &inside) != (int)guard || inside == len ||
	    strstr(path, "/..") || view_is_shared(path, len, inside) ||
	    sys_statx(AT_FDCWD, path, 0, &st) < 0 || !S_ISDIR(st.stx_mode))
		return;
	make_below(dirfd, &(struct text){ path, len }, st.stx_mode & 07777);
}

/* Makes the backing of guard number NUMBER in its root ROOTFD. 0 or -errno. */
static int make_backing(int rootfd, unsigned number)
{
	const struct guard *g = &pt_session.lease.policy.guard[number];
	char secret[POLICY_ROOT_MAX + 1];
	int ret, dir;

	text_copy(&(struct text){ g->root.at + g->root.len + 1,
				  g->prefix.len - g->root.len - 1 },
		  secret);
	ret = make_dir(rootfd, secret, PASSAGE_MODE);
	if (ret < 0)
		return ret;
	dir = sys_openat(rootfd, secret, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
			 0);
	if (dir < 0)
		return dir;
	ret = make_below(dir, &g->view, BACKING_MODE);
	if (ret == 0)
		make_tmpdir(dir, number);
	sys_close(dir);
	return ret;
}

/* -- The lease -- */

/*
 * Whether the mapping alone holds the lock of FD, the lease without a name: asked by
 * another open file description. On overlayfs it does not, because mmap(2) there maps
 * another file.
 */
static bool holds(int fd)
{
	return lease_own(fd, false) == -EWOULDBLOCK;
}

/*
 * Whether the file system of FD keeps a file that is removed while it is open, by another name
 * in the same directory, as NFS and libfuse do. The directory of an open lease could not be
 * removed there.
 */
static bool keeps_open_files(int fd)
{
	static const uint32_t types[] = {
		0x6969,	    /* NFS */
		SYS_FUSE,   /* FUSE */
		0xff534d42, /* CIFS */
		0xfe534d42, /* SMB 2 */
	};
	uint32_t type;

	if (sys_file_system(fd, NULL, &type) < 0)
		return false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (type == types[i])
			return true;
	return false;
}

/* Writes the lease in ROOTFD and takes the lock by FD. 0 or -errno. */
static int write_locked(struct making *m, int rootfd, int *fd)
{
	struct session *s = &pt_session;
	const unsigned how = s->lease.how | LEASE_LOCK_DESCRIPTION;
	const bool both = s->lease.how == how;
	char root[POLICY_ROOT_MAX + 1];
	int ret = lease_write(rootfd, &s->lease, &m->unnamed, fd);

	if (ret < 0)
		return ret;
	ret = lease_share(*fd, both);
	if (ret == 0 || (ret > 0 && both))
		return 0;
	sys_close(*fd);
	lease_forget(rootfd, &m->unnamed);
	if (ret < 0)
		return ret;
	/* A member that can use flock(2) must take the other lock, too. */
	text_copy(&s->lease.session, root);
	ret = lease_name_session(&s->lease, root, how);
	return ret < 0 ? ret : write_locked(m, rootfd, fd);
}

/*
 * Makes the lease in the root ROOTFD, without its name, takes the lock, and has a
 * mapping or M->held hold it. 0; -EXDEV where it should not lie here, or a mapping does not
 * hold it; or -errno.
 */
static int make_lease(struct making *m, int rootfd)
{
	const struct lease *lease = &pt_session.lease;
	int fd, other, ret, error;

	if (!session_meets() && !(lease->how & LEASE_HOLD_DESCRIPTOR) &&
	    keeps_open_files(rootfd))
		return -EXDEV;
	ret = write_locked(m, rootfd, &fd);
	if (ret < 0)
		return ret;
	if (lease->how & LEASE_HOLD_DESCRIPTOR) {
		m->held = fd;
		m->lease = lease_reopen(rootfd, &m->unnamed);
		return m->lease < 0 ? m->lease : 0;
	}
	other = lease_reopen(rootfd, &m->unnamed);
	if (other >= 0) {
		m->locked = LEASE_PAGE;
		m->lock = sys_map_file(fd, m->locked, PROT_READ, &error);
		ret = m->lock ? 0 : -error;
	} else {
		ret = other;
	}
	sys_close(fd);
	if (ret == 0 && !holds(other)) {
		sys_unmap(m->lock, m->locked);
		m->lock = NULL;
		ret = -EXDEV;
	}
	if (ret < 0 && other >= 0)
		sys_close(other);
	if (ret < 0)
		lease_forget(rootfd, &m->unnamed);
	else
		m->lease = other;
	return ret;
}

/* Releases the lock. */
static void drop_lock(struct making *m)
{
	if (m->lock)
		sys_unmap(m->lock, m->locked);
	if (m->held >= 0)
		sys_close(m->held);
	if (m->lease >= 0)
		sys_close(m->lease);
	m->lock = NULL;
	m->held = m->lease = -1;
}

/* Makes hints and lease in the root ROOTFD. 0 or -errno, as make_lease. */
static int make_texts(struct making *m, int rootfd)
{
	int ret = hints_make(rootfd, session_meets());

	if (ret == 0)
		ret = make_lease(m, rootfd);
	if (ret == -EXDEV && !session_meets())
		sys_unlinkat(rootfd, HINTS_NAME, 0);
	return ret;
}

/* Tries to put the lease into a root in the directory DIR. 0 or -errno. */
static int move_lease(struct making *m, const char *dir)
{
	struct session *s = &pt_session;
	const unsigned how = s->lease.how;
	char path[POLICY_ROOT_MAX + 1], first[POLICY_ROOT_MAX + 1];
	int ret = root_prefix_new(dir, strlen(dir), path, sizeof path), fd;

	if (ret < 0)
		return ret;
	*strrchr(path, '/') = '\0'; /* without the secret: it backs nothing */
	fd = make_root(path, s->owner, false);
	if (fd < 0)
		return fd;
	memcpy(first, s->root, sizeof first);
	ret = lease_name_session(&s->lease, path, how);
	if (ret == 0)
		ret = make_texts(m, fd);
	if (ret == 0) {
		sys_flock(fd, LOCK_EX | LOCK_NB);
		m->root = fd;
		memcpy(s->root, path, sizeof path);
		return 0;
	}
	lease_name_session(&s->lease, first, how);
	sys_unlinkat(fd, HINTS_NAME, 0);
	sys_close(fd);
	sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
	return ret;
}

/*
 * Used where a mapping does not hold the lock in the roots: the lease goes to tmpfs, or
 * to the user's run-time directory. Where neither exists, a descriptor holds the lock, as
 * where processes meet: all must find the one lease, in the root that they know.
 */
static int make_lease_elsewhere(struct making *m)
{
	struct session *s = &pt_session;
	char place[POLICY_ROOT_MAX + 1], first[POLICY_ROOT_MAX + 1];
	struct lease_part part;
	int root = m->root, ret = -ENOENT;

	memcpy(first, s->root, sizeof first);
	for (unsigned i = 0; ret < 0 && !session_meets() &&
			     place_of_lease(i, s->owner, place, sizeof place);
	     i++)
		ret = move_lease(m, place);
	if (ret < 0) {
		ret = lease_name_session(&s->lease, first,
					 s->lease.how | LEASE_HOLD_DESCRIPTOR);
		return ret < 0 ? ret : make_texts(m, m->root);
	}
	/* The root of the first backing has become a further one. */
	memcpy(part.root, first, sizeof first);
	memcpy(part.session, s->root, sizeof first);
	ret = lease_write_part(root, &part);
	sys_close(root);
	return ret;
}

/* -- A session -- */

void make_undo(struct making *m, int ret)
{
	struct remains untold = { 0, 0, "" };

	m->error = -ret;
	drop_lock(m);
	if (m->root < 0)
		return;
	lease_forget(m->root, &m->unnamed);
	if (!session_meets())
		remove_session(&pt_session.lease, m->root, &untold);
	sys_close(m->root);
	m->root = -1;
}

void make_session(struct making *m)
{
	struct session *s = &pt_session;
	int ret;

	*m = (struct making){ .root = -1, .lease = -1, .held = -1 };
	m->root = session_meets() ? trust_closed_parents(s->root, s->owner) : 0;
	if (m->root == 0)
		m->root = make_root(s->root, s->owner, session_meets());
	if (m->root < 0) {
		m->error = -m->root;
		return;
	}
	/* Held by the helper for its life: cleaners skip a locked directory. */
	sys_flock(m->root, LOCK_EX | LOCK_NB);
	ret = make_backing(m->root, 0);
	if (ret == 0)
		ret = make_texts(m, m->root);
	if (ret == -EXDEV)
		ret = make_lease_elsewhere(m);
	if (ret == 0)
		ret = lease_link(m->root, &m->unnamed);
	if (ret < 0)
		make_undo(m, ret);
}

static int find_backing(unsigned number)
{
	const struct guard *g = &pt_session.lease.policy.guard[number];
	char path[g->prefix.len + g->view.len + 1];
	struct statx st;

	memcpy(path, g->prefix.at, g->prefix.len);
	memcpy(path + g->prefix.len, g->view.at, g->view.len);
	path[g->prefix.len + g->view.len] = '\0';
	return sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st);
}

int make_part(unsigned guard)
{
	struct session *s = &pt_session;
	struct lease_part part;
	int fd, ret;

	/* An admitted user does not make it. */
	if (sys_geteuid() != s->owner)
		return find_backing(guard);
	text_copy(&s->lease.policy.guard[guard].root, part.root);
	memcpy(part.session, s->root, sizeof part.session);
	fd = make_root(part.root, s->owner, true);
	/*
	 * In a user namespace nobody can tell whose the directory is in which it lies. What was
	 * made there before is found by its secret, which nobody else knows.
	 */
	if (fd == -EPERM && !session_meets() && find_backing(guard) == 0)
		return 0;
	if (fd < 0)
		return fd;
	/*
	 * What another member has written is only read: by then nothing may have room to be
	 * written in, or be writable at all.
	 */
	ret = 0;
	if (strcmp(part.root, part.session) != 0 &&
	    !lease_is_part(fd, part.root, &s->lease))
		ret = lease_write_part(fd, &part);
	if (ret == 0)
		ret = make_backing(fd, guard);
	sys_close(fd);
	return ret;
}
