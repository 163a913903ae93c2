/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lease: the text that decides, and the lock that says that members are alive.
 *
 *     privtmp 2
 *     (the policy's lines)
 *     session /tmp/.privtmp-<id>      the root that this lies in
 *     hold descriptor                 only where a mapping does not hold the lock
 *     lock description                only where flock(2) was refused to its maker
 *
 * It is written once, under another name, and is read-only from the moment that it
 * has its own: mode 0444, and no member maps or inherits it otherwise. A member holds
 * a shared flock(2) on an open file description that only its mapping keeps alive: no
 * descriptor, inherited over fork, let go by any death. (What changes while a session
 * lives are hints: hints.h.)
 *
 * A further root, which backs another guarded directory, has a text of the same name
 * that says whose it is:
 *
 *     privtmp 2 part
 *     root /var/tmp/.privtmp-<id2>
 *     session /tmp/.privtmp-<id>
 */
#ifndef PRIVTMP_LEASE_H
#define PRIVTMP_LEASE_H

#include <stddef.h>

#include "core/sys.h"
#include "policy/policy.h"

#define LEASE_HEAD "privtmp 2\n"
#define LEASE_NAME "lease"
#define LEASE_BY_DESCRIPTION "lock description\n" /* the text's end */
#define LEASE_FAILED "failed" /* beside it, where a command has failed: keep */

enum {
	LEASE_PAGE = 4096, /* as much of it as needs to be mapped */
	LEASE_PATH = POLICY_ROOT_MAX + sizeof "/" LEASE_NAME, /* its path's room */
};

enum {
	LEASE_HOLD_DESCRIPTOR = 1,
	LEASE_LOCK_DESCRIPTION = 2,
};

/* A lease's text in private memory and what it says. */
struct lease {
	size_t len;
	struct policy policy;
	struct text session; /* the root that holds it */
	unsigned how;	     /* LEASE_HOLD_DESCRIPTOR and LEASE_LOCK_DESCRIPTION */
	char text[POLICY_TEXT_MAX];
};

/* What a further root says of itself. */
struct lease_part {
	char root[POLICY_ROOT_MAX + 1];
	char session[POLICY_ROOT_MAX + 1];
};

/*
 * Open the lease in the root DIRFD, or ROOT, to read it and to lock it. A descriptor
 * that is not inherited, or -errno.
 */
int lease_open_at(int dirfd);
int lease_open(const char *root);

/*
 * Makes the text of LEASE in the root DIRFD, under a name that nobody looks for: FD
 * is a descriptor of it to read by. 0 or -errno.
 */
int lease_write(int dirfd, const struct lease *lease, int *fd);

/* Opens it once more: another description, whose lock is another. */
int lease_reopen(int dirfd);

/* Gives it its own name: 0, -EEXIST where there is one, or -errno. */
int lease_link(int dirfd);

/* Takes back what lease_write made. */
void lease_forget(int dirfd);

/* Writes and names the text of a further root. 0 (it may be there) or -errno. */
int lease_write_part(int dirfd, const struct lease_part *part);

/* Reads the text from FD, an open lease, and parses it. 0 or -errno. */
int lease_read(int fd, struct lease *lease);

/* The same of a further root; -EBADMSG where it is none. */
int lease_read_part(int dirfd, struct lease_part *part);

/* Parses lease->text (lease->len bytes). 0, or -EBADMSG. */
int lease_parse(struct lease *lease);

/*
 * Says in LEASE, whose text has the policy's lines at least, that it lies in the root
 * SESSION. 0, or -EBADMSG where it is no lease then.
 */
int lease_name_session(struct lease *lease, const char *session, unsigned how);

/* Whether what the session leaves is kept: by its policy, and the root DIRFD. */
bool lease_kept(const struct policy *policy, int dirfd);

/* Writes "ROOT/NAME" to OUT (SIZE bytes). */
void lease_path(const char *root, const char *name, char *out, size_t size);

#endif
