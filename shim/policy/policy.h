/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Policy: what is guarded, what stays shared, and what happens at the end.
 *
 * The first process of a session writes the policy down (policy_compose) in
 * the session's lease; every member reads it from there (policy_parse), so
 * that one session has one policy whatever its members' environments say.
 * The strings of a parsed policy point into the text that was parsed: it must
 * outlive the policy, and nothing is allocated.
 */
#ifndef PRIVTMP_POLICY_H
#define PRIVTMP_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/settings.h"

enum {
	POLICY_GUARDS = 16,	 /* guarded directories at most */
	POLICY_SHARES = 64,	 /* shared patterns at most */
	POLICY_ALIASES = 4,	 /* other names of guarded directories at most */
	POLICY_OWNS = 2,	 /* own directories in them at most */
	POLICY_OWN_MAX = 511,	 /* bytes of such a one's name */
	POLICY_PATH = 256,	 /* room for a guarded directory's name */
	POLICY_TEXT_MAX = 16384, /* bytes of a lease's text */
	POLICY_ROOT_MAX = 255,	 /* bytes of a prefix, and so of a root's path */
	POLICY_BACKING = POLICY_ROOT_MAX + POLICY_PATH, /* room for a backing's path */
	POLICY_NAME_ROOM = 44, /* of them, for what follows its directory */
};

struct guard {
	struct text view;   /* "/tmp": absolute, no trailing slash */
	struct text root;   /* "/tmp/.privtmp-<id>", that anyone can list */
	struct text prefix; /* root + "/<secret>": backing = prefix + view */
};

/*
 * A directory below a guarded one that stays as it is, because it is the user's who
 * started there, or root's, as long as that is so.
 */
struct own {
	unsigned uid;
	struct text path;
};

struct policy {
	unsigned guards;
	unsigned shares;
	struct guard guard[POLICY_GUARDS];
	struct text share[POLICY_SHARES];
	unsigned aliases;
	struct text alias[POLICY_ALIASES]; /* leads by a link to a guarded one */
	unsigned owns;
	struct own own[POLICY_OWNS];
	SETTINGS_TABLE(POLICY_MEMBER) /* .scope, .keep, ...: the words by number */
};

/*
 * Writes PATH without double slashes, "/." and trailing slash to OUT.
 * Returns its length; 0 where it is relative, "/", has "..", does not fit or
 * has a control character (the lease is lines).
 */
size_t policy_plain_path(const struct text *path, char *out, size_t size);

/*
 * Reads the LEN bytes of TEXT. Returns 0, or -1 where the text is not one
 * that policy_compose writes (OUT is then unspecified).
 */
int policy_parse(const char *text, size_t len, struct policy *out);

/*
 * Whether PATH (absolute, of LEN bytes, below a guarded directory) stays
 * shared: a pattern matches it or a directory above it. Patterns know *, ?,
 * [...] within a component and ** across them.
 */
bool policy_shared(const struct policy *policy, const char *path, size_t len);

/* Whether the pattern matches the path or a directory above it. */
bool policy_glob(const struct text *pattern, const char *path, size_t len);

#endif
