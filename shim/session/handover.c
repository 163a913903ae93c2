/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hands the session over to a new image; see handover.h. */
#define _GNU_SOURCE
#include "session/handover.h"
#include "core/hole.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/lease_lock.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>

/* INSIDE: the working directory may lie in a backing. PARENT: -1 for none that is known. */
static void name_as(struct handover *h, int parent, int how, bool inside)
{
	static const char name[] = SESSION_VARIABLE "=";
	char *at = h->variable + sizeof name - 1;

	memcpy(h->variable, name, sizeof name);
	if (h->fd >= 0)
		at += sys_decimal((unsigned long)h->fd, at);
	else
		*at++ = '-';
	*at++ = ':';
	if (parent >= 0)
		at += sys_decimal((unsigned long)parent, at);
	else
		*at++ = '-';
	*at++ = ':';
	if (inside)
		how |= HANDOVER_INSIDE;
	if (pt_session.confined)
		how |= HANDOVER_CONFINED;
	if (session_has_callers_variables())
		how |= HANDOVER_CALLERS;
	at += sys_decimal((unsigned long)how, at);
	*at++ = ':';
	memcpy(at, pt_session.root, strlen(pt_session.root) + 1);
}

void session_name(struct handover *h, int parent)
{
	name_as(h, parent, 0, pt_view.cwd_inside);
}

void session_name_shown(struct handover *h)
{
	h->fd = -1;
	name_as(h, -1, HANDOVER_PARENT, true);
}

void session_name_first(struct handover *h, int parent)
{
	name_as(h, parent, HANDOVER_FIRST, pt_view.cwd_inside);
}

/*
 * An inheritable descriptor of the lease, with a lock of its own, or -errno. APART: see
 * session_handover.
 */
static int open_inheritable(const char *root, bool apart)
{
	int fd = lease_open(root), high;

	if (fd < 0)
		return fd;
	high = lease_share(fd, pt_session.lease.how & LEASE_LOCK_DESCRIPTION);
	if (high < 0) {
		sys_close(fd);
		return high;
	}
	/* Not 0, 1 or 2, which a program may expect to be closed. */
	if (!apart && fd > 2 && SYS3(SYS_fcntl, fd, F_SETFD, 0) == 0)
		return fd;
	high = apart ? (int)SYS3(SYS_fcntl, fd, F_DUPFD, SYS_APART) : -EMFILE;
	if (high < 0)
		high = (int)SYS3(SYS_fcntl, fd, F_DUPFD, 3);
	sys_close(fd);
	return high;
}

bool session_is_for_caller(void)
{
	unsigned real, effective, saved;

	if (!pt_session.privileged || HOLE(told))
		return false;
	sys_getresuid(&real, &effective, &saved);
	return real != pt_session.owner || effective != pt_session.owner ||
	       saved != pt_session.owner;
}

bool session_has_callers_variables(void)
{
	const struct session *s = &pt_session;

	/* These are the real ones at the start. */
	return s->callers || (s->privileged && !HOLE(agents) &&
			      (sys_geteuid() != getauxval(AT_UID) ||
			       sys_getegid() != getauxval(AT_GID)));
}

void session_handover(struct handover *h, int parent, bool apart)
{
	const struct session *s = &pt_session;

	h->fd = -1;
	h->variable[0] = '\0';
	if (s->state != SESSION_LIVE || session_is_for_caller())
		return;
	h->fd = open_inheritable(s->root, apart);
	session_name(h, parent);
}

void session_handover_end(struct handover *h)
{
	if (h->fd >= 0)
		sys_close(h->fd);
	h->fd = -1;
}
