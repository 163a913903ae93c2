/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Landlock rules of a session; see confine_rules.h. */
#define _GNU_SOURCE
#include "session/confine_rules.h"
#include "core/sys.h"
#include "session/session.h"
#include "session/shares.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum {
	RULE_PATH_BENEATH = 1,
	MOST = 8192, /* rules: each takes kernel memory */
	ROOM = 1024, /* for directories' entries */
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
	char path[PATH_MAX]; /* of the current directory; "" is "/" */
};

/* Allows everything at and below FD, and closes it. 0 or -errno. */
static int allow(struct rules *r, int fd)
{
	struct beneath rule = { r->handled, fd };
	struct statx st;
	long ret;

	/* Its type alone, as in shares.c. */
	ret = sys_statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, &st);
	if (ret == 0 && !S_ISLNK(st.stx_mode)) {
		if (!S_ISDIR(st.stx_mode))
			rule.allowed &= CONFINE_FILE;
		ret = r->n++ < MOST ? SYS4(SYS_landlock_add_rule, r->ruleset,
					   RULE_PATH_BENEATH, &rule, 0) :
				      -E2BIG;
	}
	sys_close(fd);
	/* Files of the kernel's own, to which no rule applies. */
	return ret == -EBADFD ? 0 : (int)ret;
}

/* -- Entries -- */

/* Called for the entry NAME of the directory r->path (LEN bytes), open as DIR. */
typedef int entry_fn(struct rules *r, int dir, size_t len, const char *name, void *arg);

/* Calls FN for each entry of DIR, and closes DIR. 0, or the first -errno. */
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

/* Appends NAME to the path (LEN bytes). Returns the new length. */
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
	/* What cannot be opened now stays forbidden. */
	return fd < 0 ? 0 : allow(r, fd);
}

/* Whether a guard before number I begins with the same LEN bytes. */
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

/* Allows the entries of all directories on the way to guard number I. */
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
			break; /* then the guard does not exist either */
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

static int allow_shared(void *arg, const char *path, size_t len, int fd)
{
	(void)path;
	(void)len;
	/* allow closes it. */
	fd = (int)SYS3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? fd : allow(arg, fd);
}

/* The directory where a member starts, or where the shim lies, as own_plan found it. */
static int allow_own(struct rules *r, const struct own *own)
{
	struct statx st;
	int fd;

	text_copy(&own->path, r->path);
	fd = sys_openat(AT_FDCWD, r->path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	if (sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0 &&
	    trust_owner(st.stx_uid, own->uid))
		return allow(r, fd);
	/* Somebody else has made another one: it is no shared path any more. */
	sys_close(fd);
	return 0;
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
	for (unsigned i = 0; ret == 0 && i < policy->owns; i++)
		ret = allow_own(&r, &policy->own[i]);
	return ret == 0 ? shares_each(policy, allow_shared, &r) : ret;
}
