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

void out_cut_words(char *path)
{
	const struct policy *policy = pt_view.policy;
	size_t len;

	out_cut(path);
	len = strlen(path);
	for (unsigned i = 0; policy && i < policy->guards; i++) {
		const struct guard *g = &policy->guard[i];
		size_t n = len < g->prefix.len ? len : g->prefix.len;

		if (len < g->root.len || memcmp(path, g->prefix.at, n) != 0 ||
		    (path[n] && path[n] != '/'))
			continue;
		memmove(path, path + n, len - n + 1);
		if (!path[0])
			memcpy(path, "/", 2);
		return;
	}
}
