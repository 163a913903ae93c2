/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roots that are left; see left.h. */
#define _GNU_SOURCE
#include "session/left.h"
#include "core/sys.h"
#include "policy/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

bool left_is_fixed(const char *dir, bool adds)
{
	struct statx st;

	return sys_statx(AT_FDCWD, dir, 0, &st) == 0 &&
	       (st.stx_attributes & STATX_ATTR_IMMUTABLE ||
		(adds && st.stx_attributes & STATX_ATTR_APPEND));
}

/* Whether the directory in which ROOT lies is. */
static bool lies_fixed(const char *root)
{
	char dir[POLICY_ROOT_MAX + 1];
	const char *slash = strrchr(root, '/');
	size_t n = slash ? (size_t)(slash - root) : sizeof dir;

	if (n >= sizeof dir)
		return false;
	memcpy(dir, root, n);
	dir[n] = '\0';
	return left_is_fixed(n ? dir : "/", true);
}

struct left left_root(const char *root, int error)
{
	struct left left = { "cannot be removed", error, NULL };

	if (error == ESTALE)
		left = (struct left){ "is left: something is mounted over it, or it was "
				      "renamed",
				      0, "undo that, then run privtmp sweep" };
	else if (error == EPERM && lies_fixed(root))
		left.remedy = "take the attributes a and i off the directory that it "
			      "lies in (chattr -a -i), then run privtmp sweep";
	return left;
}
