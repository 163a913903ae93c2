/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds shared paths; see shares.h. */
#define _GNU_SOURCE
#include "session/shares.h"
#include "core/sys.h"
#include "policy/view.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

enum {
	DEEPEST = 16, /* components of a pattern */
	ROOM = 1024,  /* for directories' entries */
};

/* A bit for each pattern that can still match. */
typedef uint64_t patterns;
_Static_assert(POLICY_SHARES <= 64, "one bit each");

struct search {
	const struct policy *policy;
	share_fn *fn;
	void *arg;
	unsigned found;
	char path[PATH_MAX]; /* of the current directory; "" is "/" */
};

/* Component number DEPTH of a pattern. False: there is none. */
static bool component(const struct text *pattern, unsigned depth, struct text *out)
{
	const char *at = pattern->at, *end = at + pattern->len;

	for (;;) {
		while (at < end && *at == '/')
			at++;
		out->at = at;
		while (at < end && *at != '/')
			at++;
		out->len = (size_t)(at - out->at);
		if (!out->len)
			return false;
		if (!depth--)
			return true;
	}
}

static bool is_literal(const struct text *name)
{
	for (size_t i = 0; i < name->len; i++)
		if (memchr("*?[\\", name->at[i], 4))
			return false;
	return true;
}

/*
 * The patterns of MASK that match NAME by component number DEPTH. *NAMED: one of them
 * is that very name.
 */
static patterns matching(const struct search *s, patterns mask, unsigned depth,
			 const char *name, bool *named)
{
	const size_t len = strlen(name);
	patterns found = 0;
	struct text part;

	*named = false;
	for (unsigned i = 0; i < s->policy->shares; i++) {
		if (!(mask >> i & 1) || !component(&s->policy->share[i], depth, &part) ||
		    !policy_glob(&part, name, len))
			continue;
		found |= (patterns)1 << i;
		*named |= is_literal(&part);
	}
	return found;
}

/* Whether a pattern of MASK ends before component number DEPTH: it matches. */
static bool is_done(const struct search *s, patterns mask, unsigned depth)
{
	struct text part;

	for (unsigned i = 0; i < s->policy->shares; i++)
		if (mask >> i & 1 && !component(&s->policy->share[i], depth, &part))
			return true;
	return false;
}

static int look_into(struct search *s, int dir, size_t len, unsigned depth,
		     patterns mask);

/* Handles NAME in the directory DIR, which MASK match by component number DEPTH. */
static int look_at(struct search *s, int dir, size_t len, const char *name,
		   unsigned depth, patterns mask)
{
	const size_t n = strlen(name);
	struct statx st;
	size_t inside;
	int fd, ret = 0;

	if (len + 1 + n >= sizeof s->path)
		return 0;
	fd = sys_openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	s->path[len] = '/';
	memcpy(s->path + len + 1, name, n + 1);
	len += 1 + n;
	/* Its type alone, which no file system is asked for: not all answer. */
	if (sys_statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, &st) < 0 ||
	    S_ISLNK(st.stx_mode))
		ret = 0;
	else if (!is_done(s, mask, depth + 1))
		ret = S_ISDIR(st.stx_mode) && depth + 1 < DEEPEST ?
			      look_into(s, fd, len, depth + 1, mask) :
			      0;
	else if (s->found++ < SHARES_MOST && view_guard_of(s->path, len, &inside) >= 0 &&
		 inside < len)
		ret = s->fn(s->arg, s->path, len, fd);
	sys_close(fd);
	return ret;
}

/*
 * Handles the entries of the directory DIR that MASK match, except names that are plain
 * components.
 */
static int look_through(struct search *s, int dir, size_t len, unsigned depth,
			patterns mask)
{
	union {
		char bytes[ROOM];
		uint64_t align;
	} room;
	int ret = 0, fd = sys_openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	ssize_t n = 0;

	if (fd < 0)
		return 0;
	while (ret == 0 && (n = sys_getdents(fd, room.bytes, sizeof room)) > 0) {
		for (ssize_t at = 0; ret == 0 && at < n;) {
			const void *place = room.bytes + at;
			const struct kernel_dirent *entry = place;
			patterns left;
			bool named;

			at += entry->len;
			if (!strcmp(entry->name, ".") || !strcmp(entry->name, ".."))
				continue;
			left = matching(s, mask, depth, entry->name, &named);
			if (left && !named)
				ret = look_at(s, dir, len, entry->name, depth, left);
		}
	}
	sys_close(fd);
	return ret;
}

/* Whether a pattern of MASK before number I has the plain component PART, too. */
static bool is_repeated(const struct search *s, patterns mask, unsigned i, unsigned depth,
			const struct text *part)
{
	struct text other;

	for (unsigned k = 0; k < i; k++)
		if (mask >> k & 1 && component(&s->policy->share[k], depth, &other) &&
		    other.len == part->len && !memcmp(other.at, part->at, part->len))
			return true;
	return false;
}

/* Handles the directory DIR, for component number DEPTH of MASK. */
static int look_into(struct search *s, int dir, size_t len, unsigned depth, patterns mask)
{
	char name[NAME_MAX + 1];
	bool listed = false, named;
	struct text part;
	int ret = 0;

	for (unsigned i = 0; i < s->policy->shares; i++)
		if (component(&s->policy->share[i], depth, &part) &&
		    text_find(part.at, part.len, "**", 2))
			mask &= ~((patterns)1 << i);
	for (unsigned i = 0; ret == 0 && i < s->policy->shares; i++) {
		if (!(mask >> i & 1) || !component(&s->policy->share[i], depth, &part))
			continue;
		if (!is_literal(&part)) {
			listed = true;
		} else if (part.len <= NAME_MAX &&
			   !is_repeated(s, mask, i, depth, &part)) {
			text_copy(&part, name);
			ret = look_at(s, dir, len, name, depth,
				      matching(s, mask, depth, name, &named));
		}
	}
	return ret == 0 && listed ? look_through(s, dir, len, depth, mask) : ret;
}

int shares_each(const struct policy *policy, share_fn *fn, void *arg)
{
	struct search s = { .policy = policy, .fn = fn, .arg = arg };
	int root = sys_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0), ret;

	if (root < 0)
		return root;
	ret = look_into(&s, root, 0, 0, ~(patterns)0);
	sys_close(root);
	return ret;
}
