/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sockets, for calls by number. */
#ifndef PRIVTMP_SOCKET_H
#define PRIVTMP_SOCKET_H

struct mmsghdr;

/* recvmmsg(2), or a name or number of it with another type of time. */
typedef int receive_fn(int fd, struct mmsghdr *messages, unsigned n, int flags,
		       void *timeout);

/* REAL, with the senders' names as the view has them. */
int socket_receive(receive_fn *real, int fd, struct mmsghdr *messages, unsigned n,
		   int flags, void *timeout);

#endif
