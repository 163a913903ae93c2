/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A start below a guarded directory; see own.h. */
#define _GNU_SOURCE
#include "session/own.h"
#include "core/layout.h"
#include "core/owner.h"
#include "core/sys.h"
#include "policy/compose.h"
#include "policy/inherited.h"
#include "policy/real_path.h"
#include "policy/view.h"
#include "session/session.h"
#include "session/trust.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

static enum own_cwd cwd_is;
static const char *shim_path EACH_START;
static bool shim_open;

enum own_cwd own_cwd(void)
{
	return cwd_is;
}

const char *own_shim_open(void)
{
	return shim_open ? shim_path : NULL;
}

void own_shim_is(const char *path)
{
	shim_path = path;
}

/* The guarded directory that PATH is or lies in; -1: none. */
static int guard_of(const struct policy *policy, const char *path, size_t len,
		    size_t *inside)
{
	for (unsigned i = 0; i < policy->guards; i++)
		if (view_begins_with(path, len, &policy->guard[i].view, inside))
			return (int)i;
	return -1;
}

static bool is_closed(const struct statx *st)
{
	return S_ISLNK(st->stx_mode) || !(st->stx_mode & (S_IWGRP | S_IWOTH));
}

/* Whether ST is closed to others, and so everything below it. */
static bool is_sealed(const struct statx *st, unsigned euid)
{
	return S_ISDIR(st->stx_mode) && st->stx_uid == euid &&
	       !(st->stx_mode & (S_IRWXG | S_IRWXO));
}

/*
 * The length of the part of PATH (LEN bytes, the kernel's name, maybe a link at its
 * end) that becomes a shared path: up to the first directory that is EUID's, or else to
 * the first of all. 0 where others can write to it, or to a directory on the way to it.
 */
static size_t own_part(const char *path, size_t len, size_t inside, unsigned euid)
{
	char upto[PATH_MAX];
	size_t end, first = 0, own = 0;
	struct statx st, around;

	memcpy(upto, path, len);
	upto[len] = '\0';
	if (trust_parents(upto, euid) < 0)
		return 0;
	/* The guarded directory, without its slash. */
	upto[inside - 1] = '\0';
	if (sys_statx(AT_FDCWD, upto, 0, &around) < 0)
		return 0;
	upto[inside - 1] = '/';
	for (size_t at = inside; at < len; at = end + 1) {
		const char *slash = memchr(path + at, '/', len - at);

		end = slash ? (size_t)(slash - path) : len;
		upto[end] = '\0';
		if (sys_statx(AT_FDCWD, upto, AT_SYMLINK_NOFOLLOW, &st) < 0 ||
		    !trust_directory(upto, &st, euid) || !is_closed(&st) ||
		    owner_is_said(upto, &st, &around))
			return 0;
		around = st;
		upto[end] = slash ? '/' : '\0';
		if (!first)
			first = end;
		if (!own && st.stx_uid == euid)
			own = end;
		if (is_sealed(&st, euid))
			break;
	}
	return own ? own : first;
}

/* "own UID\tPATH" */
static bool put_own(char **at, size_t *left, const char *path, size_t len, unsigned euid)
{
	char value[SYS_DECIMAL + 1 + POLICY_OWN_MAX + 1];
	size_t n = sys_decimal(euid, value);

	value[n++] = '\t';
	memcpy(value + n, path, len);
	value[n + len] = '\0';
	return policy_put(at, left, "own", value);
}

/*
 * Adds a line for PATH, which lies at INSIDE below a guarded directory. 1 where others
 * can write to it, 0, or -E2BIG.
 */
static int add_own(const char *path, size_t len, size_t inside, char **at, size_t *left)
{
	const unsigned euid = pt_session.euid;
	size_t part = len < PATH_MAX ? own_part(path, len, inside, euid) : 0;

	/* It does not fit into a line. */
	if (!part || part > POLICY_OWN_MAX || memchr(path, '\n', part))
		return 1;
	return put_own(at, left, path, part, euid) ? 0 : -E2BIG;
}

bool own_is_open(const char *path, size_t len)
{
	const struct policy *policy = &pt_session.lease.policy;
	char name[PATH_MAX];
	struct statx st;
	size_t inside;

	if (len >= sizeof name)
		return false;
	memcpy(name, path, len);
	name[len] = '\0';
	if (sys_statx(AT_FDCWD, name, 0, &st) < 0)
		return false;
	/* With ".." it is unknown what is on the way. */
	return guard_of(policy, path, len, &inside) < 0 || strstr(name, "..") ||
	       !own_part(path, len, inside, pt_session.euid);
}

static int plan_cwd(const struct policy *policy, char **at, size_t *left)
{
	char cwd[PATH_MAX];
	enum inherited what;
	size_t n = inherited_name(AT_FDCWD, cwd, &what), inside;
	int ret;

	cwd_is = OWN_ELSEWHERE;
	if (!n || guard_of(policy, cwd, n, &inside) < 0)
		return 0;
	cwd_is = OWN_GUARDED;
	/* Nothing is in a removed directory. */
	if (what == INHERITED_GONE)
		return 0;
	if (what == INHERITED_BELOW) {
		cwd_is = OWN_OPEN; /* nobody looks at each directory on the way */
		return 0;
	}
	if (inside == n || policy_shared(policy, cwd, n))
		return 0;
	ret = add_own(cwd, n, inside, at, left);
	if (ret > 0)
		cwd_is = OWN_OPEN;
	return ret < 0 ? ret : 0;
}

/* Whether PATH, by its words, leads to no guarded directory. */
static bool is_elsewhere(const struct policy *policy, const char *path, size_t len)
{
	size_t inside;

	if (path[0] != '/' || strstr(path, "/../") ||
	    guard_of(policy, path, len, &inside) >= 0)
		return false;
	for (unsigned i = 0; i < policy->aliases; i++)
		if (view_begins_with(path, len, &policy->alias[i], &inside))
			return false;
	return true;
}

const char *own_shim(void)
{
	Dl_info self;

	if (!shim_path && dladdr((void *)&pt_session, &self))
		shim_path = self.dli_fname;
	return shim_path;
}

/*
 * The shim is PATH, and NAME the last slash in it. Apart, because of its room on the stack,
 * which few starts need.
 */
static __attribute__((noinline)) int plan_shim_at(const struct policy *policy,
						  const char *path, const char *name,
						  char **at, size_t *left)
{
	char real[PATH_MAX + NAME_MAX + 2], dir[PATH_MAX];
	size_t len, inside;
	int ret;

	memcpy(dir, path, (size_t)(name - path) + 1);
	dir[name - path + 1] = '\0';
	len = policy_kernel_path(dir, real, PATH_MAX);
	if (!len || strlen(name) > NAME_MAX + 1)
		return 0;
	strcpy(real + len, name);
	len += strlen(name);
	if (guard_of(policy, real, len, &inside) < 0 || policy_shared(policy, real, len))
		return 0;
	ret = add_own(real, len, inside, at, left);
	shim_open = ret > 0;
	return ret < 0 ? ret : 0;
}

static int plan_shim(const struct policy *policy, char **at, size_t *left)
{
	const char *path = own_shim(), *name = path ? strrchr(path, '/') : NULL;
	const size_t len = path ? strlen(path) : 0;

	shim_open = false;
	if (!name || len >= PATH_MAX || is_elsewhere(policy, path, len))
		return 0;
	return plan_shim_at(policy, path, name, at, left);
}

int own_plan(const struct policy *policy, char **at, size_t *left)
{
	int ret = plan_cwd(policy, at, left);

	return ret < 0 ? ret : plan_shim(policy, at, left);
}
