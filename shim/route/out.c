/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths from the kernel or libc; see out.h. */
#define _GNU_SOURCE
#include "route/out.h"
#include "core/sys.h"
#include "policy/view.h"

#include <errno.h>
#include <fcntl.h>
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

/* Takes G's prefix out of the LEN bytes at TEXT, where its view follows. The new length. */
static size_t cut_prefix(char *text, size_t len, const struct guard *g)
{
	const struct text *prefix = &g->prefix;
	char *at = text, *end = text + len;

	while ((at = text_find(at, (size_t)(end - at), prefix->at, prefix->len))) {
		const size_t behind = (size_t)(end - at) - prefix->len;

		/* Where no backing could be made, the prefix is a path of its own. */
		if (behind < g->view.len ||
		    memcmp(at + prefix->len, g->view.at, g->view.len) != 0) {
			at += prefix->len;
			continue;
		}
		memmove(at, at + prefix->len, behind);
		end -= prefix->len;
		memset(end, '\0', prefix->len);
	}
	return (size_t)(end - text);
}

void out_cut_text(char *text)
{
	const struct policy *policy = pt_view.policy;
	size_t len = strlen(text);

	for (unsigned i = 0; policy && i < policy->guards; i++)
		len = cut_prefix(text, len, &policy->guard[i]);
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

ssize_t out_cwd(char room[OUT_ROOM], char **path)
{
	ssize_t n = sys_getcwd(room, PATH_MAX);
	size_t skip;

	if (n == -ENAMETOOLONG) {
		n = out_long_link(AT_FDCWD, ".", room, path);
		if (n > 0)
			(*path)[n++] = '\0';
		return n;
	}
	if (n <= 0)
		return n;
	skip = out_skip(room, (size_t)n - 1);
	*path = room + skip;
	return n - (ssize_t)skip;
}
