/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making a session's roots. The maker has the planned lease in its memory: it is the
 * member itself, or a child that shares memory and descriptors with it (helper.h). So
 * whichever process dies, another one knows the root by its descriptor.
 */
#ifndef PRIVTMP_MAKE_H
#define PRIVTMP_MAKE_H

#include <stddef.h>

#include "session/lease.h"

/* The result. */
struct making {
	int root;		/* descriptor of the session's root, or -1 */
	int lease;		/* of its lease, by which the helper waits, or -1 */
	int held;		/* of the lock where no mapping holds it, or -1 */
	void *lock;		/* the mapping that holds it */
	size_t locked;		/* its size */
	int error;		/* errno; 0: made */
	struct unnamed unnamed; /* the lease while it has no name */
};

/*
 * Makes the session that is planned in pt_session, and completes its lease. Leaves
 * nothing behind on failure. EEXIST: another process has made the session of
 * SCOPE_ROOT.
 */
void make_session(struct making *making);

/* Removes what was made so far, by a maker that died for example. ERROR is -errno. */
void make_undo(struct making *making, int error);

/*
 * Makes the root of guard GUARD, a further one, and the backing in it; or completes
 * what another member has begun. 0 or -errno.
 */
int make_part(unsigned guard);

#endif
