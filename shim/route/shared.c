/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared paths, by what is there; see shared.h. */
#define _GNU_SOURCE
#include "route/shared.h"
#include "core/sys.h"
#include "policy/policy.h"
#include "policy/view.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Longer names are not looked for: stacks may be small. */
enum { NAME = 256 };

/*
 * The length of what is shared by itself of PATH: of "/tmp/ssh-1/agent" it is "/tmp/ssh-1"
 * where "ssh-*" is shared. 0: PATH is shared for another reason.
 */
static size_t shared_part(const char *path, size_t len, size_t inside)
{
	for (size_t end = inside; end <= len; end++)
		if ((end == len || path[end] == '/') &&
		    policy_shared(pt_view.policy, path, end))
			return end;
	return 0;
}

static bool is_there(const char *path)
{
	struct statx st;

	return sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) != -ENOENT;
}

/* Apart, so that only who asks has the room for names on the stack. */
static __attribute__((noinline)) bool is_in_backing(const char *path, size_t part,
						    int guard)
{
	const struct text *prefix = &pt_view.policy->guard[guard].prefix;
	char name[POLICY_BACKING + NAME];

	memcpy(name, prefix->at, prefix->len);
	memcpy(name + prefix->len, path, part);
	name[prefix->len + part] = '\0';
	return !is_there(name + prefix->len) && is_there(name);
}

bool shared_is(const char *path, size_t len, size_t inside)
{
	size_t part;
	int guard;

	if (!view_is_shared(path, len, inside))
		return false;
	part = shared_part(path, len, inside);
	guard = view_guard_of(path, len, NULL);
	if (!part || part >= NAME || guard < 0 || !(pt_session.made & 1u << guard))
		return true;
	return !is_in_backing(path, part, guard);
}
