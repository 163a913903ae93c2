/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where doors and helper meet; see serve.h. */
#include "door/serve.h"
#include "core/owner.h"
#include "core/sys.h"
#include "session/root_name.h"

#include <stddef.h>
#include <string.h>

socklen_t serve_address(const char *root, size_t len, struct sockaddr_un *out)
{
	memset(out, 0, sizeof *out);
	out->sun_family = AF_UNIX;
	if (len >= ROOT_NAME)
		memcpy(out->sun_path + 1, root + len - ROOT_NAME, ROOT_NAME);
	return offsetof(struct sockaddr_un, sun_path) + 1 + ROOT_NAME;
}

int serve_send(int socket, const int *fds, unsigned n)
{
	const size_t size = n * sizeof *fds;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(SERVE_MOST * sizeof *fds)];
	} u;
	struct iovec part = { (void *)"", 1 };
	const struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &u,
		.msg_controllen = (socklen_t)CMSG_SPACE(size),
	};
	long ret;

	memset(&u, 0, sizeof u);
	u.head.cmsg_level = SOL_SOCKET;
	u.head.cmsg_type = SCM_RIGHTS;
	u.head.cmsg_len = (socklen_t)CMSG_LEN(size);
	memcpy(CMSG_DATA(&u.head), fds, size);
	ret = SYS3(SYS_sendmsg, socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	return ret < 0 ? (int)ret : 0;
}

bool serve_is_own(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return SYS5(SYS_getsockopt, fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       peer.uid == sys_geteuid() && owner_is_one(peer.uid);
}
