/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decides which trees are walked here; see tree.h. */
#define _GNU_SOURCE
#include "wrap/tree.h"
#include "core/sys.h"
#include "policy/scan.h"
#include "policy/view.h"
#include "session/session.h"
#include "session/trust.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* Whether ST is a directory above the guarded directory VIEW. */
static bool is_above(const struct statx *st, const struct text *view)
{
	char dir[view->len + 1];
	struct statx above;

	for (size_t at = view->len; at-- > 0;) {
		if (view->at[at] != '/')
			continue;
		memcpy(dir, view->at, at + 1);
		dir[at ? at : 1] = '\0';
		if (sys_statx(AT_FDCWD, dir, 0, &above) == 0 && trust_same(st, &above))
			return true;
	}
	return false;
}

bool tree_is_ours(const char *path)
{
	const struct policy *policy;
	struct statx st;

	if (session_need() == 0 && !pt_view.policy)
		return false;
	if (!view_passes(path))
		return true;
	policy = pt_view.policy;
	if (!policy || sys_statx(AT_FDCWD, path, 0, &st) < 0)
		return false;
	for (unsigned i = 0; i < policy->guards; i++)
		if (is_above(&st, &policy->guard[i].view))
			return true;
	return false;
}
