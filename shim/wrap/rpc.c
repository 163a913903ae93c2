/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sun RPC, which glibc keeps for old programs. It binds and connects to sockets in the
 * file system inside itself, and looks hosts up by HOSTALIASES. libtirpc has functions of
 * the same names, which come by libc's other ones.
 */
#define _GNU_SOURCE
#include "wrap/libc_env.h"
#include "wrap/sun_path.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <sys/socket.h>
#include <unistd.h>

#if defined KEPT_svcunix_create || defined KEPT_clntunix_create
/* An address of PATH, which libc puts into one without looking at its length. */
static bool put_path(struct address *to, const char *path)
{
	return strlen(path) < ADDRESS_PATH && address_put(to, path);
}
#endif

#ifdef KEPT_svcunix_create
WRAP_KEPT(void *, svcunix_create, int fd, unsigned send, unsigned receive,
	  const char *path);

/* It goes on where bind(2) fails, as here with a socket that is bound already. */
static const char nowhere[] = "/dev/null/";

static void *create_bound(int fd, unsigned send, unsigned receive,
			  const struct address *address)
{
	real_svcunix_create_fn *real = KEPT(svcunix_create);
	const bool own = fd == -1;
	void *server;
	int error;

	if (own)
		fd = LIBC(socket)(AF_UNIX, SOCK_STREAM, 0);
	if (fd >= 0)
		(void)bind(fd, (const struct sockaddr *)&address->un, address->len);
	server = fd >= 0 ? real(fd, send, receive, nowhere) : NULL;
	if (!server && own && fd >= 0) {
		error = errno;
		sys_close(fd);
		errno = error;
	}
	return server;
}

void *pt_svcunix_create(int fd, unsigned send, unsigned receive, const char *path)
{
	struct address address;

	if (!KEPT(svcunix_create)) {
		errno = ENOSYS;
		return NULL;
	}
	if (!path || view_passes(path) || !put_path(&address, path))
		return KEPT(svcunix_create)(fd, send, receive, path);
	return create_bound(fd, send, receive, &address);
}
#endif

#ifdef KEPT_clntunix_create
WRAP_KEPT(void *, clntunix_create, const struct sockaddr_un *server,
	  unsigned long program, unsigned long version, int *fd, unsigned send,
	  unsigned receive);

void *pt_clntunix_create(const struct sockaddr_un *server, unsigned long program,
			 unsigned long version, int *fd, unsigned send, unsigned receive)
{
	real_clntunix_create_fn *real = KEPT(clntunix_create);
	const void *to = server;
	struct destination d;
	struct address own;
	void *client;

	if (!real) {
		errno = ENOSYS;
		return NULL;
	}
	/* It connects where there is no socket yet. */
	if (!server || !fd || *fd >= 0 || !put_path(&own, server->sun_path))
		return real(server, program, version, fd, send, receive);
	/* Its error is in a variable of its own, so it has to fail itself. */
	if (destination_lead(&d, &to, &own.len) < 0) {
		d.error = errno;
		to = &d.address.un;
		address_put(&d.address, "/proc/self/fd/-");
	}
	client = real(to, program, version, fd, send, receive);
	destination_end(&d, client ? 0 : -1);
	return client;
}
#endif

#if defined KEPT_clnt_create && defined KEPT_clntunix_create
WRAP_KEPT(void *, clnt_create, const char *host, unsigned long program,
	  unsigned long version, const char *protocol);

void *pt_clnt_create(const char *host, unsigned long program, unsigned long version,
		     const char *protocol)
{
	real_clnt_create_fn *real = KEPT(clnt_create);
	struct address address;
	int fd = -1;

	if (!real) {
		errno = ENOSYS;
		return NULL;
	}
	/* "unix": the host is the path of a socket. */
	if (!strcmp(protocol, "unix") && !view_passes(host) && put_path(&address, host))
		return pt_clntunix_create(&address.un, program, version, &fd, 0, 0);
	LEADING(void *, real(host, program, version, protocol), libc_env_begin(),
		libc_env_end())
}
#endif

/* -- Those that only look a host up -- */

#ifdef KEPT_callrpc
WRAP_KEPT(int, callrpc, const char *host, unsigned long program, unsigned long version,
	  unsigned long procedure, void *put, const char *in, void *get, char *out);

int pt_callrpc(const char *host, unsigned long program, unsigned long version,
	       unsigned long procedure, void *put, const char *in, void *get, char *out)
{
	enum { RPC_FAILED = 16 };
	real_callrpc_fn *real = KEPT(callrpc);

	if (!real)
		return RPC_FAILED;
	LEADING(int, real(host, program, version, procedure, put, in, get, out),
		libc_env_begin(), libc_env_end())
}
#endif

#ifdef KEPT_getrpcport
WRAP_KEPT(int, getrpcport, const char *host, unsigned long program, unsigned long version,
	  unsigned protocol);

int pt_getrpcport(const char *host, unsigned long program, unsigned long version,
		  unsigned protocol)
{
	real_getrpcport_fn *real = KEPT(getrpcport);

	if (!real)
		return 0;
	LEADING(int, real(host, program, version, protocol), libc_env_begin(),
		libc_env_end())
}
#endif
