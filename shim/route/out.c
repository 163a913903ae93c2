/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths that come out; see out.h. */
#define _GNU_SOURCE
#include "route/out.h"
#include "policy/view.h"

#include <string.h>

size_t out_skip(const char *path, size_t len)
{
	int guard = len ? view_backing_of(path, len) : -1;

	return guard < 0 ? 0 : pt_view.policy->guard[guard].prefix.len;
}

const char *out_view(const char *path)
{
	return path ? path + out_skip(path, strlen(path)) : NULL;
}

void out_cut(char *path)
{
	size_t len = strlen(path), skip = out_skip(path, len);

	if (skip)
		memmove(path, path + skip, len - skip + 1);
}
