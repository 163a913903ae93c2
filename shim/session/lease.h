/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lease: the text that decides, and the lock that shows that members are alive.
 *
 *     privtmp 2
 *     (the policy's lines)
 *     session /tmp/.privtmp-<id>      the root that this lies in
 *     hold descriptor                 only where a mapping does not hold the lock
 *     lock description                only where flock(2) was refused to its maker
 *
 * It is written once, under a temporary name, and read-only (mode 0444) when it gets
 * its own. No member maps it writable, or inherits a writable descriptor. A member
 * holds a shared flock(2) on an open file description that only its mapping keeps
 * alive. So the lock needs no descriptor, is inherited over fork, and is released by
 * any death. (What changes while a session lives are hints: hints.h.)
 *
 * A further root, which backs another guarded directory, has a text of the same name
 * that says to which session it belongs:
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
#define LEASE_BY_DESCRIPTION "lock description\n" /* ends the text */
#define LEASE_FAILED "failed" /* file beside it: a command failed, keep */

enum {
	LEASE_PAGE = 4096, /* bytes of it that have to be mapped */
	LEASE_PATH = POLICY_ROOT_MAX + sizeof "/" LEASE_NAME, /* room for its path */
};

enum {
	LEASE_HOLD_DESCRIPTOR = 1,
	LEASE_LOCK_DESCRIPTION = 2,
};

/* A lease's text, in private memory, and its meaning. */
struct lease {
	size_t len;
	struct policy policy;
	struct text session; /* the root that holds it */
	unsigned how;	     /* LEASE_HOLD_DESCRIPTOR and LEASE_LOCK_DESCRIPTION */
	char text[POLICY_TEXT_MAX];
};

/* The meaning of a further root's text. */
struct lease_part {
	char root[POLICY_ROOT_MAX + 1];
	char session[POLICY_ROOT_MAX + 1];
};

/*
 * Open the lease in the root DIRFD, or at ROOT, for reading and locking. A descriptor,
 * close-on-exec, or -errno.
 */
int lease_open_at(int dirfd);
int lease_open(const char *root);
/*
 * The same, where others can have named ROOT, or made what has its name now. -EPERM where it is
 * a mount.
 */
int lease_open_named(const char *root);

/* Its temporary name, "lease.<number>"; "" where there is none. */
struct unnamed {
	char name[sizeof LEASE_NAME "." + SYS_DECIMAL];
};

/*
 * Writes the text of LEASE in the root DIRFD, under the temporary name that U gets. *FD is
 * a descriptor for reading. 0 or -errno.
 */
int lease_write(int dirfd, const struct lease *lease, struct unnamed *u, int *fd);

/*
 * Opens it again, for reading: another open file description, with another lock. A
 * descriptor, close-on-exec, or -errno.
 */
int lease_reopen(int dirfd, const struct unnamed *u);

/* Gives it its own name. 0; -EEXIST where that exists, or -errno: it is removed. */
int lease_link(int dirfd, struct unnamed *u);

/* Removes what lease_write wrote, unless it has its own name. */
void lease_forget(int dirfd, struct unnamed *u);

/* Writes the text of a further root. 0 (also where it exists) or -errno. */
int lease_write_part(int dirfd, const struct lease_part *part);

/* Reads and parses the text from FD, an open lease. 0 or -errno. */
int lease_read(int fd, struct lease *lease);

/* The same for a further root; -EBADMSG where it is none. */
int lease_read_part(int dirfd, struct lease_part *part);

/*
 * Whether the root DIRFD has a text that says that it is ROOT and belongs to LEASE's
 * session.
 */
bool lease_is_part(int dirfd, const char *root, const struct lease *lease);

/* Parses lease->text (lease->len bytes). 0, or -EBADMSG. */
int lease_parse(struct lease *lease);

/*
 * Completes the text of LEASE, which has the policy's lines: it lies in the root
 * SESSION. The policy stays as it is, by which other threads go meanwhile. 0, or -EBADMSG
 * where that is no valid lease.
 */
int lease_name_session(struct lease *lease, const char *session, unsigned how);

/* Whether the session's files are kept at its end, by its policy and the root DIRFD. */
bool lease_kept(const struct policy *policy, int dirfd);

/* Writes "ROOT/NAME" to OUT (SIZE bytes); "" where it does not fit. */
void lease_path(const char *root, const char *name, char *out, size_t size);

#endif
