/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AF_UNIX addresses that are paths, in both directions.
 *
 * An address holds 108 bytes, and a backing's path can be longer than the view's. An
 * existing socket can always be reached, by a descriptor. A socket to be bound gets a
 * short name in the directory ".u" of the root. The kernel keeps that name and shows it
 * to everybody (/proc/net/unix), who must not learn what lies below the root. A link
 * tells its name in the view:
 *
 *     <root>/.u/d<id>  -> the directory that the socket is bound in, or
 *     <root>/.u/s<id>     the socket, until it is moved to its place
 *     <root>/.u/n<id>  -> /tmp/the/view's/name
 */
#ifndef PRIVTMP_SUN_PATH_H
#define PRIVTMP_SUN_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "policy/scan.h"
#include "policy/view.h"

enum {
	ADDRESS_HEAD = offsetof(struct sockaddr_un, sun_path),
	ADDRESS_PATH = sizeof(struct sockaddr_un) - ADDRESS_HEAD,
};

/*
 * An address of any family; with room for a path and its end: the kernel reports 108
 * bytes and a NUL, which does not fit into sockaddr_un.
 */
struct address {
	union {
		struct sockaddr_un un;
		char bytes[sizeof(struct sockaddr_storage)];
	};
	unsigned len;
};

/*
 * Whether the LEN bytes at ADDRESS name a path, as the kernel sees it. False where they
 * cannot be read.
 */
static inline bool address_is_path(const void *address, unsigned len)
{
	const struct sockaddr_un *un = address;

	return len > ADDRESS_HEAD && len <= sizeof *un &&
	       view_bytes_probe(address, len) && un->sun_family == AF_UNIX &&
	       un->sun_path[0] != '\0';
}

/* Copies the path of an address that is one, terminated. */
void address_path(const void *address, unsigned len, char path[ADDRESS_PATH + 1]);

/*
 * Writes the real PATH to TO. False where it does not fit. It need not be terminated in
 * the address.
 */
bool address_put(struct address *to, const char *path);

/* Whether FD is a socket whose addresses are paths. */
bool address_fits_socket(int fd);

/* bind(2), as the wrapper found it. */
typedef int address_binder(int fd, const void *address, unsigned len);

/*
 * Binds FD at the real path REAL with a short name in the root ROOT that stands for
 * VIEW. MAY_MOVE: REAL is on ROOT's file system. 0 or an errno; ENAMETOOLONG, without
 * effect, where there is no way.
 */
int address_bind(address_binder *bind, int fd, const struct text *root, const char *real,
		 const char *view, bool may_move);

/* Makes the directory of short names in ROOT, for users who cannot. */
void address_prepare(const struct text *root);

/* Replaces an address from the kernel by the view's. */
void address_show(struct address *address);

/* Where a call that reaches a socket goes instead (socket.c). */
struct destination {
	struct address address;
	int fd;	   /* of the socket's inode, if its path does not fit */
	int error; /* the path's error, if the socket itself has none */
};

/*
 * Replaces the address *TO (*LEN bytes) by that of D where needed. 0, or -1 with errno
 * set. The call's result must go through destination_end.
 */
int destination_lead(struct destination *d, const void **to, unsigned *len);

/* Ends the redirection after a call that returned RET; returns that. */
ssize_t destination_end(struct destination *d, ssize_t ret);

#endif
