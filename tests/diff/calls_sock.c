/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AF_UNIX addresses in and out. An address is a path, "@name" for an abstract
 * one, "" for none; lengths are printed, for callers compute with them.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static socklen_t make_address(struct sockaddr_un *address, const struct args *a, int i)
{
	size_t length;
	const char *path = text_arg(a, i, &length);
	memset(address, FILL, sizeof *address);
	address->sun_family = AF_UNIX;
	if (length > sizeof address->sun_path)
		length = sizeof address->sun_path;
	memcpy(address->sun_path, path, length);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	if (length > 0 && path[0] == '@') {
		address->sun_path[0] = 0;
	} else if (length > 0 && length < sizeof address->sun_path) {
		address->sun_path[length] = 0;
		size++;
	}
	return size;
}

static void out_address(const struct sockaddr_un *address, socklen_t room,
			socklen_t length)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	socklen_t shown = length < room ? length : room;
	out(" length=%u", length);
	if (shown >= head) {
		out(" family=%d", address->sun_family);
		out_buffer(address->sun_path, sizeof address->sun_path,
			   (long)(shown - head));
	}
}

static void c_socket(const struct args *a)
{
	RET(socket(AF_UNIX, (int)N(0, SOCK_STREAM), 0));
}

/* bind FD ADDRESS [LENGTH] */
static void c_bind(const struct args *a)
{
	struct sockaddr_un address;
	socklen_t size = make_address(&address, a, 1);
	RET(bind(FD(0), (struct sockaddr *)&address, (socklen_t)N(2, size)));
}

static void c_connect(const struct args *a)
{
	struct sockaddr_un address;
	socklen_t size = make_address(&address, a, 1);
	RET(connect(FD(0), (struct sockaddr *)&address, (socklen_t)N(2, size)));
}

static void c_bind_bad(const struct args *a)
{
	RET(bind(FD(0), (struct sockaddr *)P(1), (socklen_t)N(2, 110)));
}

static void c_connect_bad(const struct args *a)
{
	RET(connect(FD(0), (struct sockaddr *)P(1), (socklen_t)N(2, 110)));
}

static void c_listen(const struct args *a)
{
	RET(listen(FD(0), 4));
}

#define WITH_ADDRESS(name, call) \
	static void c_##name(const struct args *a) \
	{ \
		struct sockaddr_un address; \
		struct sockaddr *to = (struct sockaddr *)&address; \
		memset(&address, FILL, sizeof address); \
		socklen_t room = (socklen_t)N(1, sizeof address); \
		socklen_t length = room; \
		RET(call); \
		if (last_result() >= 0) \
			out_address(&address, room, length); \
	}

WITH_ADDRESS(getsockname, getsockname(FD(0), to, &length))
WITH_ADDRESS(getpeername, getpeername(FD(0), to, &length))
WITH_ADDRESS(accept, accept(FD(0), to, &length))
WITH_ADDRESS(accept4, accept4(FD(0), to, &length, (int)N(2, SOCK_CLOEXEC)))

static void c_accept_none(const struct args *a)
{
	RET(accept(FD(0), NULL, NULL));
}

/* sendto FD ADDRESS TEXT */
static void c_sendto(const struct args *a)
{
	struct sockaddr_un address;
	socklen_t size = make_address(&address, a, 1);
	size_t length;
	const char *text = text_arg(a, 2, &length);
	RET(sendto(FD(0), text, length, 0, (struct sockaddr *)&address, size));
}

static void c_send(const struct args *a)
{
	size_t length;
	const char *text = text_arg(a, 1, &length);
	RET(sendto(FD(0), text, length, 0, NULL, 0));
}

static void c_sendmsg(const struct args *a)
{
	struct sockaddr_un address;
	socklen_t size = make_address(&address, a, 1);
	size_t length;
	char *text = text_arg(a, 2, &length);
	struct iovec part = { text, length };
	struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = size,
		.msg_iov = &part,
		.msg_iovlen = 1,
	};
	RET(sendmsg(FD(0), &message, 0));
	out(" namelen=%u same=%d", message.msg_namelen, message.msg_name == &address);
}

/* sendmmsg FD ADDRESS ADDRESS: one message to each. */
static void c_sendmmsg(const struct args *a)
{
	struct sockaddr_un address[2];
	struct iovec part = { (char[]){ "m" }, 1 };
	struct mmsghdr message[2];
	memset(message, 0, sizeof message);
	for (int i = 0; i < 2; i++) {
		message[i].msg_hdr.msg_name = &address[i];
		message[i].msg_hdr.msg_namelen = make_address(&address[i], a, i + 1);
		message[i].msg_hdr.msg_iov = &part;
		message[i].msg_hdr.msg_iovlen = 1;
	}
	RET(sendmmsg(FD(0), message, 2, 0));
	out(" sent=%u,%u", message[0].msg_len, message[1].msg_len);
}

/* recvfrom FD [ROOM] */
static void c_recvfrom(const struct args *a)
{
	struct sockaddr_un address;
	char text[64];
	memset(&address, FILL, sizeof address);
	socklen_t room = (socklen_t)N(1, sizeof address);
	socklen_t length = room;
	RET(recvfrom(FD(0), text, sizeof text, MSG_DONTWAIT, (struct sockaddr *)&address,
		     &length));
	if (last_result() >= 0) {
		out_buffer(text, 0, last_result());
		out_address(&address, room, length);
	}
}

static void c_recvmsg(const struct args *a)
{
	struct sockaddr_un address;
	char text[64];
	struct iovec part = { text, sizeof text };
	memset(&address, FILL, sizeof address);
	socklen_t room = (socklen_t)N(1, sizeof address);
	struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = room,
		.msg_iov = &part,
		.msg_iovlen = 1,
	};
	RET(recvmsg(FD(0), &message, MSG_DONTWAIT));
	if (last_result() >= 0) {
		out(" flags=%x", (unsigned)message.msg_flags);
		out_buffer(text, 0, last_result());
		out_address(&address, room, message.msg_namelen);
	}
}

static void c_recvmmsg(const struct args *a)
{
	struct sockaddr_un address[3];
	char text[3][16];
	struct iovec part[3];
	struct mmsghdr message[3];
	memset(address, FILL, sizeof address);
	memset(message, 0, sizeof message);
	for (int i = 0; i < 3; i++) {
		part[i] = (struct iovec){ text[i], sizeof text[i] };
		message[i].msg_hdr.msg_name = &address[i];
		message[i].msg_hdr.msg_namelen = sizeof address[i];
		message[i].msg_hdr.msg_iov = &part[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
	RET(recvmmsg(FD(0), message, 3, MSG_DONTWAIT, NULL));
	for (long i = 0; i < last_result(); i++) {
		out_buffer(text[i], 0, message[i].msg_len);
		out_address(&address[i], sizeof *address, message[i].msg_hdr.msg_namelen);
	}
}

/*
 * serve ADDRESS: the whole life of a stream socket under one name, from both
 * ends; as a table row it is bind, connect and the four that hand names back.
 */
static void c_serve(const struct args *a)
{
	struct sockaddr_un address, seen;
	socklen_t size = make_address(&address, a, 0), length = sizeof seen;
	if (size == sizeof address.sun_family) {
		/* The kernel would make up a name. */
		out(" no name");
		return;
	}
	memset(&seen, FILL, sizeof seen);
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	RET(bind(server, (struct sockaddr *)&address, size));
	if (last_result() == 0 &&
	    getsockname(server, (struct sockaddr *)&seen, &length) == 0)
		out_address(&seen, sizeof seen, length);
	listen(server, 1);
	RET(connect(client, (struct sockaddr *)&address, size));
	length = sizeof seen;
	memset(&seen, FILL, sizeof seen);
	if (last_result() == 0 &&
	    getpeername(client, (struct sockaddr *)&seen, &length) == 0)
		out_address(&seen, sizeof seen, length);
	close(client);
	close(server);
}

const struct call calls_sock[] = { CALL(socket),      CALL(bind),	 CALL(connect),
				   CALL(bind_bad),    CALL(connect_bad), CALL(listen),
				   CALL(getsockname), CALL(getpeername), CALL(accept),
				   CALL(accept4),     CALL(accept_none), CALL(sendto),
				   CALL(send),	      CALL(sendmsg),	 CALL(sendmmsg),
				   CALL(recvfrom),    CALL(recvmsg),	 CALL(recvmmsg),
				   CALL(serve),	      END_OF_CALLS };
