/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Joins the session that PRIVTMP_SESSION names; see join.h. The variable itself is not
 * trusted. It has to lead to a lease that only someone trusted can have written, of a
 * session that is alive.
 */
#define _GNU_SOURCE
#include "session/join.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/handover.h"
#include "session/hints.h"
#include "session/internal.h"
#include "session/lease_lock.h"
#include "session/leave.h"
#include "session/root_name.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* PRIVTMP_SESSION, parsed. */
struct origin {
	int fd; /* -1: none */
	int parent;
	int how; /* HANDOVER_* */
	const char *root;
};

/* Reads a decimal or "-" up to a colon. NULL on failure. */
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
	if (!(value = field(value, &out->fd)) || !(value = field(value, &out->parent)) ||
	    !(value = field(value, &out->how)))
		return false;
	if (out->how < 0)
		out->how = 0;
	out->root = value;
	return strlen(value) <= POLICY_ROOT_MAX && root_path_is(value, strlen(value));
}

bool session_says_callers(const char *value)
{
	struct origin from = { .how = 0 };

	if (value)
		(void)parse_origin(value, &from);
	return from.how > 0 && (from.how & HANDOVER_CALLERS);
}

/* Whether FD is a lease that can be trusted; *ST is its status. */
static bool is_lease(int fd, struct statx *st)
{
	return fd >= 0 && sys_statx(fd, "", AT_EMPTY_PATH, st) == 0 &&
	       trust_text(st, pt_session.euid);
}

/* Opens and locks a lease by name. -errno where its session is not alive. */
static int open_by_name(const char *root, struct statx *st)
{
	int fd;

	if (trust_parents(root, pt_session.euid) < 0)
		return -EPERM;
	fd = lease_open_named(root);
	if (fd < 0)
		return fd;
	/*
	 * An exclusive lock can be taken only where no member is left. A shared lock is
	 * refused while a remover is at work.
	 */
	if (lease_own(fd, false) == 0 || lease_share(fd, false) < 0 ||
	    !is_lease(fd, st)) {
		sys_close(fd);
		return -ESTALE;
	}
	return fd;
}

/* Copies SIZE bytes of the lease FD to private memory. */
static int copy_text(int fd, size_t size)
{
	struct session *s = &pt_session;
	void *text;
	int error;

	if (size > sizeof s->lease.text)
		return -EBADMSG;
	text = sys_map_file(fd, size, PROT_READ, &error);
	if (!text)
		return -error;
	memcpy(s->lease.text, text, size);
	s->lease.len = size;
	/* From now on this mapping holds the lock, where mappings can. */
	s->lock = text;
	s->locked = size;
	return lease_parse(&s->lease);
}

/* Becomes a member by the locked lease FD, which is closed. 0 or -errno. */
static int adopt(int fd, size_t size, const char *root)
{
	struct session *s = &pt_session;
	int ret = copy_text(fd, size);

	if (ret == 0 && !text_is(&s->lease.session, root))
		ret = -EBADMSG;
	if (ret < 0) {
		session_let_go();
		return ret;
	}
	if (s->lease.how & LEASE_LOCK_DESCRIPTION)
		lease_share(fd, true);
	if (s->lease.how & LEASE_HOLD_DESCRIPTOR) {
		session_let_go();
		return session_hold(fd);
	}
	sys_close(fd);
	return 0;
}

/*
 * Whether ROOT is still a root of the lease's owner, closed to others, and this user
 * may use its contents. A process that inherited the lease need not have that right: a
 * program without the shim may have changed the user in between. 0; -EACCES; or
 * -EBADMSG where the descriptor is of something else.
 */
static int check_joined_root(const char *root, const struct statx *lease)
{
	char path[LEASE_PATH];
	struct statx found;

	/* A descriptor that was inherited proves nothing where the root is another's by now. */
	if (sys_look(AT_FDCWD, root, &found) < 0 || !trust_root(&found, lease->stx_uid) ||
	    trust_unmounted(root, &found) < 0)
		return -EACCES;
	if (pt_session.euid == lease->stx_uid)
		return 0;
	lease_path(root, LEASE_NAME, path, sizeof path);
	if (sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &found) < 0)
		return -EACCES;
	return trust_same(&found, lease) ? 0 : -EBADMSG;
}

/* FD is closed unless the result is -EBADMSG. */
static int join_by(int fd, const char *root, const struct statx *lease)
{
	int ret = check_joined_root(root, lease);

	if (ret == 0)
		ret = adopt(fd, (size_t)lease->stx_size, root);
	/* Closed on failure, too: the program must not find it. */
	if (ret < 0 && ret != -EBADMSG)
		sys_close(fd);
	if (ret == 0)
		pt_session.owner = lease->stx_uid;
	return ret;
}

/*
 * Joins by the inherited descriptor. If it is not of this lease, it is the program's: a
 * program without the shim has closed ours and opened another file.
 */
static int join_by_inherited(int fd, const char *root)
{
	struct statx lease;

	return is_lease(fd, &lease) ? join_by(fd, root, &lease) : -EBADMSG;
}

static int join_by_name(const char *root)
{
	struct statx lease;
	int fd = open_by_name(root, &lease), ret;

	if (fd < 0)
		return fd;
	ret = join_by(fd, root, &lease);
	if (ret == -EBADMSG)
		sys_close(fd);
	return ret;
}

/* Closes a lease that is not joined by: the program must not find it. */
static void drop_lease(int fd)
{
	char head[sizeof LEASE_HEAD - 1];
	struct statx st;

	if (is_lease(fd, &st) && sys_pread(fd, head, sizeof head, 0) == sizeof head &&
	    !memcmp(head, LEASE_HEAD, sizeof head))
		sys_close(fd);
}

int session_join(const char *value)
{
	struct session *s = &pt_session;
	struct origin from;
	int ret;

	if (!parse_origin(value, &from))
		return -EPERM;
	ret = join_by_inherited(from.fd, from.root);
	if (ret == -EBADMSG) {
		/* First: the number, if it is free, can become that of the lease held. */
		drop_lease(from.fd);
		ret = join_by_name(from.root);
	}
	if (ret < 0)
		return ret;
	memcpy(s->root, from.root, strlen(from.root) + 1);
	if (from.how & HANDOVER_PARENT)
		from.parent = sys_getppid();
	/* Orphans are the first process's. */
	s->parent = from.parent > 1 ? from.parent : 0;
	s->made = 1;
	pt_view.cwd_inside = from.how & HANDOVER_INSIDE;
	s->first = from.how & HANDOVER_FIRST;
	/* By the door: the session itself is not. */
	if (from.how & HANDOVER_CONFINED)
		s->lease.policy.confine = CONFINE_YES;
	s->callers |= from.how & HANDOVER_CALLERS;
	if (s->first)
		hints_joined(s->root, s->owner, 'j');
	return 0;
}

static int meet_once(bool with_policy)
{
	struct session *s = &pt_session;
	struct statx lease;
	int fd, ret;

	if (trust_closed_parents(s->root, s->euid) < 0)
		return -EPERM;
	fd = lease_open(s->root);
	if (fd < 0)
		return fd;
	ret = lease_share(fd, false);
	if (ret >= 0 && !is_lease(fd, &lease))
		ret = -ESTALE; /* removed just now, or not to be trusted */
	if (ret < 0) {
		sys_close(fd);
		return ret;
	}
	if (with_policy) {
		ret = join_by(fd, s->root, &lease);
		if (ret == -EBADMSG)
			sys_close(fd);
		return ret;
	}
	s->owner = lease.stx_uid;
	return session_hold(fd);
}

/* Milliseconds for a sweep to have checked whether the lease is held. */
enum { MEET_MOMENTS = 500 };

int session_meet(bool with_policy)
{
	int ret = 0;

	for (int i = 0; i < MEET_MOMENTS; i++) {
		ret = meet_once(with_policy);
		if (ret != -EBADMSG && ret != -EWOULDBLOCK && ret != -ESTALE)
			break;
		sys_moment();
	}
	if (ret == 0) {
		pt_session.parent = 0;
		pt_session.made = 0; /* each backing is checked again */
	}
	return ret;
}
