/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AF_UNIX addresses that are paths: in, and out again.
 *
 * An address holds 108 bytes and a backing's path may be longer than the
 * view's. To reach a socket there is always a way: by a descriptor of it. To
 * bind one it gets a short name in the root's directory ".u": the kernel goes on
 * calling it by that name, on all sides, and to everybody (/proc/net/unix), who is
 * not to learn what lies below the root. A link says what it stands for in the
 * view:
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
 * An address of any family, for what comes out may be one; and of a path with
 * its end: the kernel reports 108 bytes and the NUL that does not fit into
 * sockaddr_un.
 */
struct address {
	union {
		struct sockaddr_un un;
		char bytes[sizeof(struct sockaddr_storage)];
	};
	unsigned len;
};

/*
 * Whether the LEN bytes at ADDRESS name a path as the kernel understands it.
 * What cannot be read does not: the kernel says the same in its own way.
 */
static inline bool address_is_path(const void *address, unsigned len)
{
	const struct sockaddr_un *un = address;

	return len > ADDRESS_HEAD && len <= sizeof *un &&
	       view_page_probe((uintptr_t)address) &&
	       view_page_probe((uintptr_t)address + len - 1) &&
	       un->sun_family == AF_UNIX && un->sun_path[0] != '\0';
}

/* Copies the path out of an address that is one, terminated. */
void address_path(const void *address, unsigned len, char path[ADDRESS_PATH + 1]);

/*
 * Fills in TO with the real PATH; false when it does not fit. The path need
 * not be terminated in the address.
 */
bool address_put(struct address *to, const char *path);

/* Whether FD is a socket to which paths are addresses. */
bool address_fits_socket(int fd);

/* What binds FD to an address: bind(2), as the wrapper found it. */
typedef int address_binder(int fd, const void *address, unsigned len);

/*
 * Binds FD at the real path REAL so that the kernel's name for it, in the root
 * ROOT, stands for VIEW. MAY_MOVE: REAL is on ROOT's file system. Returns 0 or
 * an errno; ENAMETOOLONG, having done nothing, where there is no way.
 */
int address_bind(address_binder *bind, int fd, const struct text *root, const char *real,
		 const char *view, bool may_move);

/* Makes the directory of names in ROOT, for users who could not. */
void address_prepare(const struct text *root);

/* Turns what the kernel has reported into what the program shall see. */
void address_show(struct address *address);

#endif
