/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Landlock's rules for a session; see confine_rules.h. */
#define _GNU_SOURCE
#include "session/confine_rules.h"
#include "core/sys.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

enum {
	RULE_PATH_BENEATH = 1,
	MOST = 8192,  /* rules: each is memory of the kernel's */
	DEEPEST = 16, /* components of a shared pattern */
	ROOM = 1024,  /* for directories' entries */
};

/* struct landlock_path_beneath_attr */
struct beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

struct rules {
	int ruleset;
	uint64_t handled;
	const struct policy *policy;
	unsigned n;
	char path[PATH_MAX]; /* of what is looked at; "" is "/" */
};

/* Allows what FD is open for, and takes it. 0 or -errno. */
static int allow(struct rules *r, int fd)
{
	struct beneath rule = { r->handled, fd };
	struct statx st;
	long ret;

	ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);
	if (ret == 0 && !S_ISLNK(st.stx_mode)) {
		if (!S_ISDIR(st.stx_mode))
			rule.allowed &= CONFINE_FILE;
		ret = r->n++ < MOST ? SYS4(LANDLOCK_ADD, r->ruleset, RULE_PATH_BENEATH,
					   &rule, 0) :
				      -E2BIG;
	}
	sys_close(fd);
	/* The kernel's own files, to which no rule applies. */
	return ret == -EBADFD ? 0 : (int)ret;
}

/* -- Entries -- */

/* What is done with the entry NAME of the directory r->path, open as DIR. */
typedef int entry_fn(struct rules *r, int dir, size_t len, const char *name, void *arg);

/* Does FN with each entry of DIR, which is taken. 0, or -errno of the first that fails. */
static int each_entry(struct rules *r, int dir, size_t len, entry_fn *fn, void *arg)
{
	union {
		char bytes[ROOM];
		uint64_t align;
	} room;
	ssize_t n = 0;
	int ret = 0;

	while (ret == 0 && (n = sys_getdents(dir, room.bytes, sizeof room)) > 0) {
		for (ssize_t at = 0; ret == 0 && at < n;) {
			const void *place = room.bytes + at;
			const struct kernel_dirent *entry = place;
			const char *name = entry->name;

			at += entry->len;
			if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
			    len + 1 + strlen(name) < sizeof r->path)
				ret = fn(r, dir, len, name, arg);
		}
	}
	sys_close(dir);
	return ret < 0 ? ret : (int)n;
}

/* Puts NAME behind the LEN bytes of the path; the new length. */
static size_t append_name(struct rules *r, size_t len, const char *name)
{
	const size_t n = strlen(name);

	r->path[len] = '/';
	memcpy(r->path + len + 1, name, n + 1);
	return len + 1 + n;
}

/* Whether the path (LEN bytes) is a guarded directory, or on the way to one. */
static bool leads_to_guard(const struct rules *r, size_t len)
{
	for (unsigned i = 0; i < r->policy->guards; i++) {
		const struct text *view = &r->policy->guard[i].view;

		if (view->len >= len && !memcmp(view->at, r->path, len) &&
		    (view->len == len || view->at[len] == '/'))
			return true;
	}
	return false;
}

static int allow_beside(struct rules *r, int dir, size_t len, const char *name,
			void *unused)
{
	int fd;

	(void)unused;
	if (leads_to_guard(r, append_name(r, len, name)))
		return 0;
	fd = sys_openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	/* What cannot be looked at now is closed. */
	return fd < 0 ? 0 : allow(r, fd);
}

/* Whether a guard before number I has the first LEN bytes of its path. */
static bool is_done(const struct policy *policy, unsigned i, size_t len)
{
	const struct text *view = &policy->guard[i].view;

	for (unsigned n = 0; n < i; n++) {
		const struct text *other = &policy->guard[n].view;

		if (other->len > len && other->at[len] == '/' &&
		    !memcmp(other->at, view->at, len))
			return true;
	}
	return false;
}

/* All entries of the directories on the way to guard number I. */
static int allow_around(struct rules *r, unsigned i)
{
	const struct text *view = &r->policy->guard[i].view;
	int ret = 0;

	for (size_t len = 0; ret == 0 && len < view->len; len++) {
		int dir;

		if (view->at[len] != '/' || is_done(r->policy, i, len))
			continue;
		memcpy(r->path, view->at, len);
		r->path[len] = '\0';
		dir = sys_openat(AT_FDCWD, len ? r->path : "/",
				 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
		if (dir == -ENOENT)
			break; /* nor is there anything to guard */
		ret = dir < 0 ? dir : each_entry(r, dir, len, allow_beside, NULL);
	}
	return ret;
}

/* -- Roots -- */

static int allow_root(struct rules *r, const struct text *root)
{
	struct statx st;
	int fd;

	text_copy(root, r->path);
	fd = trust_open_root(r->path, pt_session.owner, &st);
	/* A backing that could not be made: see confine_start. */
	return fd < 0 ? 0 : allow(r, fd);
}

/* -- Shared paths -- */

struct pattern {
	struct text rest; /* what is still to be found */
	struct text name; /* the next component of it */
	unsigned depth;
};

/* Whether the path lies in a guarded directory, and is not one itself. */
static bool is_inside(const struct rules *r, size_t len)
{
	for (unsigned i = 0; i < r->policy->guards; i++) {
		const struct text *view = &r->policy->guard[i].view;

		if (len > view->len && r->path[view->len] == '/' &&
		    !memcmp(view->at, r->path, view->len))
			return true;
	}
	return false;
}

/* Opens the path, on which there is no link. */
static int open_plain(const struct rules *r, size_t len, unsigned flags)
{
	const struct open_how how = {
		.flags = flags | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};

	return (int)SYS4(SYS_openat2, AT_FDCWD, len ? r->path : "/", &how, sizeof how);
}

static int allow_matches(struct rules *r, size_t len, const struct pattern *above);

static int allow_match(struct rules *r, int dir, size_t len, const char *name, void *arg)
{
	const struct pattern *p = arg;

	(void)dir;
	if (!policy_glob(&p->name, name, strlen(name)))
		return 0;
	return allow_matches(r, append_name(r, len, name), p);
}

/*
 * Allows what matches the rest of a pattern below the path. Of a "**" only what stands
 * before it is found: there may be anything behind.
 */
static int allow_matches(struct rules *r, size_t len, const struct pattern *above)
{
	struct pattern p = *above;
	int fd;

	while (p.rest.len && *p.rest.at == '/') {
		p.rest.at++;
		p.rest.len--;
	}
	if (!p.rest.len || ++p.depth > DEEPEST) {
		if (p.rest.len || !is_inside(r, len))
			return 0;
		fd = open_plain(r, len, O_PATH);
		return fd < 0 ? 0 : allow(r, fd);
	}
	p.name = (struct text){ p.rest.at, 0 };
	while (p.name.len < p.rest.len && p.name.at[p.name.len] != '/')
		p.name.len++;
	p.rest = (struct text){ p.rest.at + p.name.len, p.rest.len - p.name.len };
	if (memmem(p.name.at, p.name.len, "**", 2))
		return 0;
	if (memchr(p.name.at, '*', p.name.len) || memchr(p.name.at, '?', p.name.len) ||
	    memchr(p.name.at, '[', p.name.len) || memchr(p.name.at, '\\', p.name.len)) {
		fd = open_plain(r, len, O_RDONLY | O_DIRECTORY);
		return fd < 0 ? 0 : each_entry(r, fd, len, allow_match, &p);
	}
	if (len + 1 + p.name.len >= sizeof r->path)
		return 0;
	r->path[len] = '/';
	memcpy(r->path + len + 1, p.name.at, p.name.len);
	len += 1 + p.name.len;
	r->path[len] = '\0';
	return allow_matches(r, len, &p);
}

int confine_rules(int ruleset, uint64_t handled, const struct policy *policy)
{
	struct rules r = { .ruleset = ruleset, .handled = handled, .policy = policy };
	int ret = allow_root(&r, &pt_session.lease.session);

	for (unsigned i = 0; ret == 0 && i < policy->guards; i++) {
		ret = allow_around(&r, i);
		if (ret == 0)
			ret = allow_root(&r, &policy->guard[i].root);
	}
	for (unsigned i = 0; ret == 0 && i < policy->shares; i++) {
		const struct pattern all = { .rest = policy->share[i] };

		r.path[0] = '\0';
		ret = allow_matches(&r, 0, &all);
	}
	return ret;
}
