/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Joining the session that PRIVTMP_SESSION names; see session.h. Nothing that it
 * says is believed: what it leads to has to belong to someone trusted, to be out of
 * others' reach, and to be alive.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "core/sys.h"
#include "policy/view.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* PRIVTMP_SESSION, taken apart. */
struct origin {
	int fd;		/* -1: none */
	int parent;
	bool inside;	/* the working directory may lie in a backing */
	const char *root;
};

/* Reads a decimal or "-" up to a colon; NULL when there is none. */
static const char *field(const char *at, int *out)
{
	*out = -1;
	if (*at == '-')
		return at[1] == ':' ? at + 2 : NULL;
	if (*at < '0' || *at > '9')
		return NULL;
	for (*out = 0; *at >= '0' && *at <= '9'; at++) {
		if (*out > 100000000)
			return NULL;
		*out = *out * 10 + (*at - '0');
	}
	return *at == ':' ? at + 1 : NULL;
}

static bool parse_origin(const char *value, struct origin *out)
{
	int inside;
	const char *id;

	if (!(value = field(value, &out->fd)) ||
	    !(value = field(value, &out->parent)) ||
	    !(value = field(value, &inside)))
		return false;
	out->inside = inside > 0;
	out->root = value;
	id = strrchr(value, '/');
	return id && strlen(value) <= POLICY_ROOT_MAX && value[0] == '/' &&
	       !strncmp(id + 1, SESSION_PREFIX, sizeof SESSION_PREFIX - 1) &&
	       strlen(id + sizeof SESSION_PREFIX) == SESSION_ID;
}

static bool is_trusted(const struct statx *st, unsigned euid)
{
	return st->stx_uid == euid || st->stx_uid == 0;
}

/* Whether the inherited descriptor is a live lease of someone trusted. */
static bool is_lease(int fd, unsigned euid, struct statx *st)
{
	return fd >= 0 && sys_statx(fd, "", AT_EMPTY_PATH, st) == 0 &&
	       S_ISREG(st->stx_mode) && st->stx_nlink > 0 &&
	       is_trusted(st, euid) && !(st->stx_mode & 022);
}

/*
 * Whether ROOT is a directory of the lease's owner that others cannot reach.
 * A group's execute bit is what an ACL's mask looks like (see setuid.h).
 */
static bool is_root(const char *root, unsigned euid, struct statx *st)
{
	return sys_statx(AT_FDCWD, root, AT_SYMLINK_NOFOLLOW, st) == 0 &&
	       S_ISDIR(st->stx_mode) && is_trusted(st, euid) &&
	       !(st->stx_mode & 067);
}

/* Whether nobody but the trusted can have put something else in ROOT's place. */
static bool parent_is_trusted(const char *root, unsigned euid)
{
	char parent[POLICY_ROOT_MAX + 1];
	size_t n = (size_t)(strrchr(root, '/') - root);
	struct statx st;

	memcpy(parent, root, n);
	parent[n] = '\0';
	return sys_statx(AT_FDCWD, n ? parent : "/", 0, &st) == 0 &&
	       is_trusted(&st, euid) &&
	       ((st.stx_mode & S_ISVTX) || !(st.stx_mode & 022));
}

/* Opens and locks a lease by name; -errno when its session is not alive. */
static int open_by_name(const char *root, unsigned euid, struct statx *st)
{
	int fd;

	if (!parent_is_trusted(root, euid))
		return -EPERM;
	fd = lease_open(root);
	if (fd < 0)
		return fd;
	/*
	 * An exclusive lock that is granted says that no member is left; a
	 * shared one that is refused, that a remover is at work.
	 */
	if (lease_own(fd, false) == 0 || lease_share(fd) < 0 ||
	    !is_lease(fd, euid, st)) {
		sys_close(fd);
		return -ESTALE;
	}
	return fd;
}

/* Maps the lease and takes a private copy of its text, which cannot change. */
static int adopt(int fd, size_t size, const char *root)
{
	struct session *s = &pt_session;
	int ret = session_map(fd, size);

	if (ret < 0)
		return ret;
	memcpy(s->lease.text, s->page, size);
	s->lease.len = size;
	ret = lease_parse(&s->lease);
	if (ret == 0 && (s->lease.policy.session.len != strlen(root) ||
			 memcmp(s->lease.policy.session.at, root, strlen(root))))
		ret = -EBADMSG;
	if (ret < 0) {
		sys_unmap(s->page, s->mapped);
		s->page = NULL;
	}
	return ret;
}

/*
 * Whether this user may use what is in ROOT. Who was given the lease's descriptor
 * need not be: by a program without the shim that became another user in between.
 * 0, or -EACCES, or -EBADMSG for a descriptor of something else.
 */
static int check_admitted(const char *root, const struct statx *st,
			  const struct statx *lease)
{
	char path[POLICY_ROOT_MAX + 16];
	struct statx found;

	if (pt_session.euid == st->stx_uid)
		return 0;
	lease_path(root, LEASE_NAME, path, sizeof path);
	if (sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &found) < 0)
		return -EACCES;
	return found.stx_ino == lease->stx_ino ? 0 : -EBADMSG;
}

static int join_by(int fd, const char *root, const struct statx *st,
		   const struct statx *lease)
{
	int ret = check_admitted(root, st, lease);

	return ret < 0 ? ret : adopt(fd, (size_t)lease->stx_size, root);
}

/*
 * By the descriptor that was inherited. One that is not of this lease is the
 * program's: who did not know of ours has closed it, and opened another file.
 */
static int join_by_inherited(int fd, const char *root, const struct statx *st)
{
	struct statx lease;
	int ret;

	if (!is_lease(fd, pt_session.euid, &lease) ||
	    lease.stx_uid != st->stx_uid ||
	    lease.stx_dev_minor != st->stx_dev_minor ||
	    lease.stx_dev_major != st->stx_dev_major)
		return -EBADMSG;
	ret = join_by(fd, root, st, &lease);
	/* Also when it was refused: the program must not find it. */
	if (ret != -EBADMSG)
		sys_close(fd);
	return ret;
}

static int join_by_name(const char *root, const struct statx *st)
{
	struct statx lease;
	int fd = open_by_name(root, pt_session.euid, &lease), ret;

	if (fd < 0)
		return fd;
	ret = join_by(fd, root, st, &lease);
	sys_close(fd);
	return ret;
}

/* A lease by which no session was joined: the program must not find it. */
static void drop_lease(int fd)
{
	char head[sizeof LEASE_HEAD - 1];
	struct statx st;

	if (is_lease(fd, pt_session.euid, &st) &&
	    sys_pread(fd, head, sizeof head, 0) == sizeof head &&
	    !memcmp(head, LEASE_HEAD, sizeof head))
		sys_close(fd);
}

int session_join(const char *value)
{
	struct session *s = &pt_session;
	struct origin from;
	struct statx root;
	int ret;

	if (!parse_origin(value, &from))
		return -EPERM;
	if (!is_root(from.root, s->euid, &root)) {
		drop_lease(from.fd);
		return -EPERM;
	}
	ret = join_by_inherited(from.fd, from.root, &root);
	if (ret == -EBADMSG) {
		ret = join_by_name(from.root, &root);
		drop_lease(from.fd);
	}
	if (ret < 0)
		return ret;
	memcpy(s->root, from.root, strlen(from.root) + 1);
	s->owner = root.stx_uid;
	s->parent = from.parent > 0 ? from.parent : 0;
	s->made = 1;
	pt_view.cwd_inside = from.inside;
	/* A page that is written to no purpose may cost a fault, or a block. */
	s->first = s->page_writable && s->page[LEASE_JOINED] == '?' &&
		   __atomic_exchange_n(s->page + LEASE_JOINED, 'j',
				       __ATOMIC_ACQ_REL) == '?';
	return 0;
}

static int meet_once(bool with_policy)
{
	struct session *s = &pt_session;
	struct statx root, lease;
	int fd, ret;

	if (!parent_is_trusted(s->root, s->euid))
		return -EPERM;
	fd = lease_open(s->root);
	if (fd < 0)
		return fd;
	ret = lease_share(fd);
	if (ret == 0 && !is_root(s->root, s->euid, &root))
		ret = -EPERM;
	if (ret == 0 && !is_lease(fd, s->euid, &lease))
		ret = -ESTALE;	/* removed just now */
	if (ret == 0 && !with_policy)
		ret = session_map(fd, (size_t)lease.stx_size);
	else if (ret == 0)
		ret = join_by(fd, s->root, &root, &lease);
	sys_close(fd);
	if (ret == 0)
		s->owner = root.stx_uid;
	return ret;
}

int session_meet(bool with_policy)
{
	int ret = 0;

	/* Its maker may be writing the lease, or a sweep may look whether it is held. */
	for (int i = 0; i < 500; i++) {
		ret = meet_once(with_policy);
		if (ret != -EBADMSG && ret != -EWOULDBLOCK && ret != -ESTALE)
			break;
		sys_moment();
	}
	if (ret == 0) {
		pt_session.parent = 0;
		pt_session.made = 0;	/* each backing is made sure of */
	}
	return ret;
}
