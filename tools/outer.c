/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The session that a tool was started in; see outer.h. */
#include "outer.h"
#include "core/sys.h"
#include "policy/view.h"
#include "route/lists.h"
#include "same_file.h"
#include "session/handover.h"
#include "session/hints.h"
#include "session/root_name.h"
#include "session/session.h"
#include "session/trust.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether FD is a lease that can be trusted; its owner. */
static bool is_trusted(int fd, unsigned *owner)
{
	struct statx st;

	if (sys_statx(fd, "", AT_EMPTY_PATH, &st) < 0)
		return false;
	*owner = st.stx_uid;
	return trust_text(&st, geteuid());
}

/* Makes the inherited descriptor FD close-on-exec, if it is the lease. */
static void keep_to_ourselves(int fd, int lease)
{
	struct stat inherited, named;

	if (fd > 2 && fstat(fd, &inherited) == 0 && fstat(lease, &named) == 0 &&
	    same_file(&inherited, &named))
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

bool outer_session(struct lease *lease)
{
	const char *value = getenv(SESSION_VARIABLE);
	const char *root = value ? strchr(value, '/') : NULL;
	unsigned owner = 0;
	int fd, ret;

	/* The variable may have any value. */
	if (!root || strlen(root) > POLICY_ROOT_MAX || !root_path_is(root, strlen(root)))
		return false;
	fd = lease_open_named(root);
	if (fd < 0)
		return false;
	ret = is_trusted(fd, &owner) ? lease_read(fd, lease) : -EPERM;
	if (value[0] >= '0' && value[0] <= '9')
		keep_to_ourselves(atoi(value), fd);
	sys_close(fd);
	if (ret < 0 || !text_is(&lease->session, root))
		return false;
	view_use(&lease->policy, hints_map(root, owner));
	/* The shim has not changed these variables here. */
	for (char **entry = environ; *entry; entry++)
		if (list_is(*entry))
			list_show(*entry);
	return true;
}

void outer_leave_backing(const struct lease *outer)
{
	char cwd[PATH_MAX], view[PATH_MAX];
	const struct guard *g;
	int i;

	if (!getcwd(cwd, sizeof cwd))
		return;
	i = view_backing_of(cwd, strlen(cwd));
	if (i < 0)
		return;
	g = &outer->policy.guard[i];
	if (strlen(cwd) != g->prefix.len + g->view.len)
		return;
	snprintf(view, sizeof view, "%.*s", (int)g->view.len, g->view.at);
	(void)!chdir(view);
}
