/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making a session's roots. The steps are those of any process that has the planned
 * lease in its memory: of the member, or of its helper, which shares memory and
 * descriptors with it at that time (helper.h), so that whatever dies, somebody is
 * there who knows the root by its descriptor.
 */
#ifndef PRIVTMP_MAKE_H
#define PRIVTMP_MAKE_H

#include <stddef.h>

/* What came of it. */
struct making {
	int root;      /* descriptor of the session's root, or -1 */
	int lease;     /* of its lease, for the helper to wait by, or -1 */
	int held;      /* of the lock, where no mapping holds it; else -1 */
	void *lock;    /* the mapping that holds it */
	size_t locked; /* its size */
	int error;     /* errno; 0: made */
};

/*
 * Makes the session that is planned in pt_session, whose lease then says where it
 * lies. Leaves nothing where it fails. EEXIST: another has made it, whom all are to
 * meet.
 */
void make_session(struct making *making);

/* Takes back what was made so far, by a maker who died, say; ERROR is -errno. */
void make_undo(struct making *making, int error);

/*
 * Makes the root of guard GUARD, which is a further one, and the backing in it, or
 * finishes what another member has begun. 0 or -errno.
 */
int make_part(unsigned guard);

#endif
