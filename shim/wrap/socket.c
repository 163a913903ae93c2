/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sockets whose addresses are paths. Abstract, unnamed and malformed addresses, and
 * other families, go to the kernel unchanged. Lengths are handled as the kernel does
 * (see unix(7)).
 */
#define _GNU_SOURCE
#include "wrap/socket.h"
#include "wrap/sun_path.h"
#include "route/out.h"
#include "core/sys.h"
#include "session/session.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <sys/socket.h>

/* -- Addresses in -- */

/* Reaches a socket whose path is too long for an address. */
static void by_descriptor(struct destination *d, const char *path)
{
	char name[SYS_FD_PATH];

	d->fd = sys_openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
	if (d->fd >= 0) {
		sys_fd_path(d->fd, name);
		address_put(&d->address, name);
		return;
	}
	/* The kernel checks the socket first, so it gets a path that cannot exist. */
	d->error = -d->fd;
	address_put(&d->address, "/proc/self/fd/-");
}

/* Determines where PATH leads. 1: elsewhere, 0: where it says, -1 with errno set. */
static int find_destination(struct destination *d, const char *path)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	int found;

	if (route_go(&r, room) < 0)
		return -1;
	found = r.path != path;
	if (found && (r.fd >= 0 || !address_put(&d->address, r.path)))
		by_descriptor(d, r.path);
	route_end(&r);
	return found;
}

int destination_lead(struct destination *d, const void **to, unsigned *len)
{
	char path[ADDRESS_PATH + 1];
	int found;

	d->fd = -1;
	d->error = 0;
	if (!address_is_path(*to, *len))
		return 0;
	address_path(*to, *len, path);
	if (view_passes(path))
		return 0;
	found = find_destination(d, path);
	if (found > 0) {
		*to = &d->address.un;
		*len = d->address.len;
	}
	return found < 0 ? -1 : 0;
}

ssize_t destination_end(struct destination *d, ssize_t ret)
{
	if (unlikely(d->fd >= 0))
		sys_close(d->fd);
	else if (unlikely(d->error) && ret < 0 && errno == ENOENT)
		errno = d->error;
	return ret;
}

WRAP(int, bind, int fd, const void *address, unsigned len);

/* Binds FD at the route R under another address. PATH is the program's. */
static int bind_as(int fd, const struct route *r, const char *path)
{
	const struct guard *guard = pt_view.policy->guard;
	struct address to;
	int error = address_bind(REAL(bind), fd, &guard[r->guard < 0 ? 0 : r->guard].root,
				 r->path, path, r->guard >= 0);

	/* The other name is better than none. */
	if (error == ENAMETOOLONG && r->fd < 0 && address_put(&to, r->path))
		return REAL(bind)(fd, &to.un, to.len);
	if (!error)
		return 0;
	errno = error;
	return -1;
}

static __attribute__((noinline)) int routed_bind(int fd, const void *address,
						 unsigned len, const char *path)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, PARENT, ROUTE_WRITE)];
	struct address to;
	int ret;

	if (route_go(&r, room) < 0)
		return -1;
	if (r.path == path)
		ret = REAL(bind)(fd, address, len);
	/*
	 * The kernel shows the bound address to everybody, so it must not contain the
	 * secret.
	 */
	else if (r.guard < 0 && r.fd < 0 && !strcmp(out_view(r.path), path) &&
		 address_put(&to, r.path))
		ret = REAL(bind)(fd, &to.un, to.len);
	else if (!address_fits_socket(fd))
		ret = REAL(bind)(fd, address, len); /* the kernel refuses it */
	else
		ret = bind_as(fd, &r, path);
	route_end(&r);
	return ret;
}

int pt_bind(int fd, const void *address, unsigned len)
{
	char path[ADDRESS_PATH + 1];

	if (likely(!address_is_path(address, len)))
		return REAL(bind)(fd, address, len);
	address_path(address, len, path);
	if (view_passes(path))
		return REAL(bind)(fd, address, len);
	return routed_bind(fd, address, len, path);
}

#define CONNECT(name) \
	WRAP(int, name, int fd, const void *to, unsigned len); \
	int pt_##name(int fd, const void *to, unsigned len) \
	{ \
		struct destination d; \
		if (destination_lead(&d, &to, &len) < 0) \
			return -1; \
		return (int)destination_end(&d, REAL(name)(fd, to, len)); \
	}

CONNECT(connect)
CONNECT(__connect)

WRAP(ssize_t, sendto, int fd, const void *data, size_t size, int flags, const void *to,
     unsigned len);

ssize_t pt_sendto(int fd, const void *data, size_t size, int flags, const void *to,
		  unsigned len)
{
	struct destination d;

	if (destination_lead(&d, &to, &len) < 0)
		return -1;
	return destination_end(&d, REAL(sendto)(fd, data, size, flags, to, len));
}

/* Whether a message is readable and has a name. */
static inline bool has_name(const struct msghdr *message)
{
	return view_bytes_probe(message, sizeof *message) && message->msg_name;
}

#define SENDMSG(name) \
	WRAP(ssize_t, name, int fd, const struct msghdr *message, int flags); \
	ssize_t pt_##name(int fd, const struct msghdr *message, int flags) \
	{ \
		struct destination d; \
		struct msghdr copy; \
		const void *to; \
		if (likely(!has_name(message))) \
			return REAL(name)(fd, message, flags); \
		copy = *message; \
		to = copy.msg_name; \
		if (destination_lead(&d, &to, &copy.msg_namelen) < 0) \
			return -1; \
		copy.msg_name = (void *)to; \
		return destination_end(&d, REAL(name)(fd, &copy, flags)); \
	}

SENDMSG(sendmsg)
#ifdef TIME64_NAMES
SENDMSG(__sendmsg64)
#endif

/* Whether one of the messages has a path as its name that is not clear. */
static bool any_path(const struct mmsghdr *messages, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct msghdr *m = &messages[i].msg_hdr;
		char path[ADDRESS_PATH + 1];

		if (!has_name(m) || !address_is_path(m->msg_name, m->msg_namelen))
			continue;
		address_path(m->msg_name, m->msg_namelen, path);
		if (!view_passes(path))
			return true;
	}
	return false;
}

/* One by one, as the kernel does. Sent messages count. */
static __attribute__((noinline)) int send_each(int fd, struct mmsghdr *messages,
					       unsigned n, int flags)
{
	const int saved = errno;

	for (unsigned i = 0; i < n; i++) {
		ssize_t ret = pt_sendmsg(fd, &messages[i].msg_hdr, flags);

		if (ret < 0 && i == 0)
			return -1;
		if (ret < 0) {
			errno = saved; /* the call succeeds */
			return (int)i;
		}
		messages[i].msg_len = (unsigned)ret;
	}
	return (int)n;
}

#define SENDMMSG(name) \
	WRAP(int, name, int fd, struct mmsghdr *messages, unsigned n, int flags); \
	int pt_##name(int fd, struct mmsghdr *messages, unsigned n, int flags) \
	{ \
		n = n > IOV_MAX ? IOV_MAX : n; \
		if (likely(!any_path(messages, n))) \
			return REAL(name)(fd, messages, n, flags); \
		return send_each(fd, messages, n, flags); \
	}

SENDMMSG(sendmmsg)
SENDMMSG(__sendmmsg)
#ifdef TIME64_NAMES
SENDMMSG(__sendmmsg64)
#endif

/* -- Addresses out -- */

/*
 * Addresses from the kernel are received into a buffer of ours: the backing's path is
 * longer than the view's, and the rest of the caller's buffer must stay unchanged.
 */

/* Whether our buffer can replace the caller's, which has ROOM bytes at TO. */
static inline bool may_lend(const void *to, unsigned room)
{
	return pt_view.policy && to && room <= INT_MAX &&
	       (!room || view_bytes_probe(to, room));
}

/* The same for a buffer whose size is at LEN. */
static inline bool may_lend_at(const void *to, const unsigned *len)
{
	return pt_view.policy && len && view_bytes_probe(len, sizeof *len) &&
	       may_lend(to, *len);
}

/* Copies the address to the caller as the kernel does: cut, with the full length. */
static void give_address(struct address *from, void *to, unsigned room, unsigned *len)
{
	address_show(from);
	memcpy(to, from->bytes, from->len < room ? from->len : room);
	*len = from->len;
}

#define OUT(type, name, parameters, before, after) \
	WRAP(type, name, parameters); \
	type pt_##name(parameters) \
	{ \
		struct address ours = { .len = sizeof ours.bytes }; \
		type ret; \
		if (!may_lend_at(to, len)) \
			return REAL(name)(before, to, len after); \
		ret = REAL(name)(before, &ours.un, &ours.len after); \
		if (ret >= 0) \
			give_address(&ours, to, *len, len); \
		return ret; \
	}

#define COMMA ,

OUT(int, getsockname, int fd COMMA void *to COMMA unsigned *len, fd, )
OUT(int, getpeername, int fd COMMA void *to COMMA unsigned *len, fd, )
OUT(int, accept, int fd COMMA void *to COMMA unsigned *len, fd, )
OUT(int, accept4, int fd COMMA void *to COMMA unsigned *len COMMA int flags, fd,
    COMMA flags)
OUT(ssize_t, recvfrom,
    int fd COMMA void *data COMMA size_t size COMMA int flags COMMA void *to
	    COMMA unsigned *len,
    fd COMMA data COMMA size COMMA flags, )
OUT(ssize_t, __recvfrom_chk,
    int fd COMMA void *data COMMA size_t size COMMA size_t room COMMA int flags
	    COMMA void *to COMMA unsigned *len,
    fd COMMA data COMMA size COMMA room COMMA flags, )

/* A message's name while it is replaced. */
struct lent {
	void *name;
	unsigned room;
	struct address ours;
};

static void lend(struct msghdr *message, struct lent *lent)
{
	lent->name = message->msg_name;
	lent->room = message->msg_namelen;
	if (!may_lend(lent->name, lent->room))
		return;
	message->msg_name = &lent->ours.un;
	message->msg_namelen = sizeof lent->ours.bytes;
}

/* Restores it. CAME: a message was received. */
static void take_back(struct msghdr *message, struct lent *lent, bool came)
{
	if (message->msg_name != &lent->ours.un)
		return;
	lent->ours.len = message->msg_namelen;
	message->msg_name = lent->name;
	message->msg_namelen = lent->room;
	if (came)
		give_address(&lent->ours, lent->name, lent->room, &message->msg_namelen);
}

/* A directory that was received may be a shared one: inherited.c has to look again. */
static void note_rights(const struct cmsghdr *c)
{
	const int rights = SCM_RIGHTS;
	struct statx st;
	int fd;

	if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != rights)
		return;
	for (size_t at = CMSG_LEN(0); at + sizeof fd <= c->cmsg_len; at += sizeof fd) {
		memcpy(&fd, (const char *)c + at, sizeof fd);
		if (sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0 && S_ISDIR(st.stx_mode))
			__atomic_store_n(&pt_view.fds_known, false, __ATOMIC_RELAXED);
	}
}

/* CMSG_NXTHDR of musl does not compile without warnings. */
static void note_received(const struct msghdr *message)
{
	size_t left = message->msg_controllen, len;
	const char *at = message->msg_control;

	while (left >= sizeof(struct cmsghdr)) {
		const struct cmsghdr *c = (const void *)at;

		len = c->cmsg_len;
		if (len < sizeof *c || len > left)
			return;
		note_rights(c);
		len = CMSG_ALIGN(len) < left ? CMSG_ALIGN(len) : left;
		at += len;
		left -= len;
	}
}

#define RECVMSG(name) \
	WRAP(ssize_t, name, int fd, struct msghdr *message, int flags); \
	ssize_t pt_##name(int fd, struct msghdr *message, int flags) \
	{ \
		const bool named = pt_view.policy && has_name(message); \
		struct lent lent; \
		ssize_t ret; \
		if (named) \
			lend(message, &lent); \
		ret = REAL(name)(fd, message, flags); \
		if (named) \
			take_back(message, &lent, ret >= 0); \
		if (pt_view.policy && ret >= 0) \
			note_received(message); \
		return ret; \
	}

RECVMSG(recvmsg)
#ifdef TIME64_NAMES
RECVMSG(__recvmsg64)
#endif

/* Whether a message asks for its sender. */
static bool any_name(const struct mmsghdr *messages, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (has_name(&messages[i].msg_hdr))
			return true;
	return false;
}

int socket_receive(receive_fn *real, int fd, struct mmsghdr *messages, unsigned n,
		   int flags, void *timeout)
{
	struct lent *lent;
	int ret, error;

	n = n > IOV_MAX ? IOV_MAX : n;
	if (!pt_view.policy || !any_name(messages, n) || !address_fits_socket(fd)) {
		ret = real(fd, messages, n, flags, timeout);
		for (int i = 0; pt_view.policy && i < ret; i++)
			note_received(&messages[i].msg_hdr);
		return ret;
	}
	lent = sys_pages(n * sizeof *lent, &error);
	if (!lent) {
		errno = error;
		return -1;
	}
	for (unsigned i = 0; i < n; i++)
		lend(&messages[i].msg_hdr, &lent[i]);
	ret = real(fd, messages, n, flags, timeout);
	for (unsigned i = 0; i < n; i++)
		take_back(&messages[i].msg_hdr, &lent[i], ret > 0 && i < (unsigned)ret);
	for (int i = 0; i < ret; i++)
		note_received(&messages[i].msg_hdr);
	sys_unmap(lent, n * sizeof *lent);
	return ret;
}

#define RECVMMSG(name) \
	WRAP(int, name, int fd, struct mmsghdr *messages, unsigned n, int flags, \
	     void *timeout); \
	int pt_##name(int fd, struct mmsghdr *messages, unsigned n, int flags, \
		      void *timeout) \
	{ \
		return socket_receive(REAL(name), fd, messages, n, flags, timeout); \
	}

RECVMMSG(recvmmsg)
#ifdef TIME64_NAMES
RECVMMSG(__recvmmsg64)
#endif
#ifdef TIME64_MUSL
RECVMMSG(__recvmmsg_time64)
#endif
