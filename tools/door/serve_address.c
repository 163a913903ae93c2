/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where doors and helper meet; see serve.h. */
#include "door/serve.h"
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

bool serve_is_own(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return SYS5(SYS_getsockopt, fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       peer.uid == sys_geteuid();
}
