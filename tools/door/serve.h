/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helper is the keeper of all namespaces of its session: it outlives the program, and
 * has a parent that waits for it, or init. A door connects to its socket, and later sends
 * descriptors, SERVE_*. Nobody waits for an answer: until the helper has read the message,
 * the kernel keeps the lock that comes with it.
 *
 * The socket's name is an abstract one, which anyone can have made or connect to: each side
 * asks the kernel for the other's user.
 */
#ifndef PRIVTMP_SERVE_H
#define PRIVTMP_SERVE_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "session/lease.h"

enum {
	SERVE_PLACE, /* an empty file system that is mounted in the namespace alone */
	SERVE_LEASE, /* the lease, locked by the door */
	SERVE_KEPT,  /* and from here on: directories to keep open (keeper_keep) */
	SERVE_MOST = SERVE_KEPT + POLICY_GUARDS,
};

/* The address for the session whose root is ROOT (LEN bytes). Returns its size. */
socklen_t serve_address(const char *root, size_t len, struct sockaddr_un *out);

/* Sends the N descriptors at FDS, at most SERVE_MOST, by SOCKET, without waiting. 0 or -errno. */
int serve_send(int socket, const int *fds, unsigned n);

/*
 * Whether the process at the other end of FD has this one's user. Not where strangers are shown
 * as that, too.
 */
bool serve_is_own(int fd);

/*
 * From now on there is a SIGIO when a door asks. FIRST: the session was made just now.
 * Without room or rights for a socket nothing happens: doors then have keepers of their own.
 */
void serve_begin(int lease, bool first);

/*
 * Serves doors, as a member, until the last namespace is gone. After a signal it calls
 * TICK. True where more may wait, of which no signal will tell.
 */
bool serve(int root, int lease, void (*tick)(int root, int lease));

/*
 * Whether this process knows of all namespaces of the session: it has been the helper from
 * the start, could watch all, and no door has a keeper of its own.
 */
bool serve_knows(int root);

#endif
