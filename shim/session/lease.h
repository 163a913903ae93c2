/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lease file: its text, and the lock that says that members are alive.
 *
 *     privtmp 1 0...
 *     session /tmp/.privtmp-<id>
 *     (the policy's lines)
 *
 * The first line ends in flags, one byte each, that members change in place
 * through their mapping. All else is written once and never changes. A member
 * holds a shared flock(2) on an open file description that only its mapping
 * keeps alive: no descriptor, inherited over fork, let go by any death.
 */
#ifndef PRIVTMP_LEASE_H
#define PRIVTMP_LEASE_H

#include <stddef.h>

#include "policy/policy.h"

#define LEASE_HEAD "privtmp 1 "
#define LEASE_NAME "lease"

enum {
	LEASE_LINKS = sizeof LEASE_HEAD - 1,	/* see view.h */
	LEASE_PLAIN_LINKS,	/* the same without LINKS_MIXED */
	LEASE_REAPER,	/* 'r': someone will remove what is left */
	LEASE_JOINED,	/* '?': the launcher waits for its command; 'j': joined */
	LEASE_FAILED,	/* 'f': a member ended with a status other than 0 */
	LEASE_HEAD_LEN = LEASE_FAILED + 2,
	LEASE_PAGE = 4096,
};

/* A lease's text in private memory and what it says. */
struct lease {
	size_t len;
	struct policy policy;
	char text[POLICY_TEXT_MAX];
};

/*
 * Opens the lease in ROOT, for update where that is allowed. Returns a
 * descriptor that is not inherited, or -errno.
 */
int lease_open(const char *root);

/*
 * Takes the lock that a member holds. Never waits. 0, or -EWOULDBLOCK while a
 * remover is at work.
 *
 * flock(2); where a seccomp filter or the file system refuses that, as those
 * of man-db do, an open file description's own fcntl(2) lock, which lives as
 * long.
 */
int lease_share(int fd);

/*
 * Takes the lock that says that nobody else is a member. WAIT: until that is
 * so, or a signal handler runs (-EINTR); else -EWOULDBLOCK where it is not.
 */
int lease_own(int fd, bool wait);

/* Reads the text from FD, an open lease, and parses it. 0 or -errno. */
int lease_read(int fd, struct lease *lease);

/* Parses lease->text (lease->len bytes). 0, or -EBADMSG. */
int lease_parse(struct lease *lease);

/* Whether what the session leaves is kept; FLAGS is the lease's first line. */
bool lease_kept(const struct policy *policy, const void *flags);

/* A guard's root as a string; OUT has POLICY_ROOT_MAX + 1 bytes. */
void lease_root(const struct text *root, char *out);

/* Writes "ROOT/NAME" to OUT (SIZE bytes). */
void lease_path(const char *root, const char *name, char *out, size_t size);

#endif
