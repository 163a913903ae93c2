/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a program behind the mount door starts from; see door.h. */
#include "door/door.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/view.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

int start_name(struct start_name *name, const char *path)
{
	char real[PATH_MAX];
	struct statx st;
	size_t len;
	ssize_t n;
	int guard, ret;

	name->view[0] = '\0';
	ret = sys_statx(AT_FDCWD, path ? path : ".", 0, &st);
	if (ret < 0)
		return ret;
	name->device = (uint64_t)st.stx_dev_major << 32 | st.stx_dev_minor;
	name->inode = st.stx_ino;
	if (path) {
		len = strlen(path);
		if (len >= sizeof real)
			return -ENAMETOOLONG;
		memcpy(real, path, len + 1);
	} else {
		n = sys_getcwd(real, sizeof real);
		/* "(unreachable)", or what has been removed. */
		if (n <= 1 || real[0] != '/')
			return 0;
		len = (size_t)n - 1;
	}
	guard = view_backing_of(real, len);
	if (guard >= 0)
		strcpy(name->view, real + pt_view.policy->guard[guard].prefix.len);
	else
		memcpy(name->view, real, len + 1);
	return 0;
}

bool start_is_same(const struct start_name *name, const char *path)
{
	struct statx st;

	return sys_statx(AT_FDCWD, path, 0, &st) == 0 && st.stx_ino == name->inode &&
	       ((uint64_t)st.stx_dev_major << 32 | st.stx_dev_minor) == name->device;
}

void start_settle(const struct start_name *cwd)
{
	int before;

	if (!cwd->view[0])
		return;
	before = sys_openat(AT_FDCWD, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (sys_chdir(cwd->view) == 0 && start_is_same(cwd, "."))
		return;
	if (before >= 0)
		SYS1(SYS_fchdir, before);
	report(cwd->view, "the working directory is a shared one and stays so", 0,
	       "start from another directory");
}
