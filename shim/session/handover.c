/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handing a session on to a new image; see session.h. */
#define _GNU_SOURCE
#include "session/session.h"
#include "core/sys.h"
#include "policy/view.h"

#include <fcntl.h>
#include <string.h>

void session_name(struct handover *h, int parent)
{
	static const char name[] = SESSION_VARIABLE "=";
	char *at = h->variable + sizeof name - 1;

	memcpy(h->variable, name, sizeof name);
	if (h->fd >= 0)
		at += sys_decimal((unsigned long)h->fd, at);
	else
		*at++ = '-';
	*at++ = ':';
	at += sys_decimal((unsigned long)parent, at);
	*at++ = ':';
	*at++ = pt_view.cwd_inside ? '1' : '0';
	*at++ = ':';
	memcpy(at, pt_session.root, strlen(pt_session.root) + 1);
}

/* A descriptor of the lease that holds its lock and is inherited, or -1. */
static int open_inheritable(const char *root)
{
	int fd = lease_open(root), high;

	if (fd < 0)
		return -1;
	if (lease_share(fd) < 0) {
		sys_close(fd);
		return -1;
	}
	/* Not one of the three that a program may expect to be closed. */
	if (fd > 2 && SYS3(SYS_fcntl, fd, F_SETFD, 0) == 0)
		return fd;
	high = (int)SYS3(SYS_fcntl, fd, F_DUPFD, 3);
	sys_close(fd);
	return high < 0 ? -1 : high;
}

void session_handover(struct handover *h, int parent)
{
	const struct session *s = &pt_session;

	h->fd = -1;
	h->variable[0] = '\0';
	if (s->state != SESSION_LIVE)
		return;
	h->fd = open_inheritable(s->root);
	session_name(h, parent);
}

void session_handover_end(struct handover *h)
{
	if (h->fd >= 0)
		sys_close(h->fd);
	h->fd = -1;
}
