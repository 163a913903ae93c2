/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Policy: what is guarded, what stays shared, and what happens at the end.
 *
 * The first process of a session writes the policy into the lease (policy_compose).
 * Every member reads it from there (policy_parse), so a session has one policy whatever
 * its members' environments say. The strings of a parsed policy point into the parsed
 * text, which must outlive it. Nothing is allocated.
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
	POLICY_OWNS = 2,	 /* own directories below them at most */
	POLICY_OWN_MAX = 511,	 /* bytes of an own directory's path */
	POLICY_PATH = 256,	 /* room for a guarded directory's path */
	POLICY_TEXT_MAX = 16384, /* bytes of a lease's text */
	POLICY_ROOT_MAX = 255,	 /* bytes of a prefix, and of a root's path */
	POLICY_BACKING = POLICY_ROOT_MAX + POLICY_PATH, /* room for a backing's path */
	POLICY_NAME_ROOM = 44, /* bytes of it for what follows its directory */
};

struct guard {
	struct text view;   /* "/tmp": absolute, no trailing slash */
	struct text root;   /* "/tmp/.privtmp-<id>", that anyone can list */
	struct text prefix; /* root + "/<secret>": backing = prefix + view */
};

/*
 * A directory below a guarded one that stays shared as long as it belongs to UID: the
 * user who started the program there, or root.
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
	struct text alias[POLICY_ALIASES]; /* a link leads from it to a guarded one */
	unsigned owns;
	struct own own[POLICY_OWNS];
	SETTINGS_TABLE(POLICY_MEMBER) /* .scope, .keep, ...: indexes of words, or sizes */
};

/*
 * Writes PATH to OUT without "//", "/." and trailing slash. Returns its length; 0 where
 * it is relative or "/", contains ".." or a control character (the lease consists of
 * lines), or does not fit.
 */
size_t policy_plain_path(const struct text *path, char *out, size_t size);

/*
 * Parses the LEN bytes of TEXT. Returns 0, or -1 where policy_compose cannot have
 * written it; *OUT is then unspecified.
 */
int policy_parse(const char *text, size_t len, struct policy *out);

/*
 * Whether PATH (absolute, LEN bytes, below a guarded directory) stays shared: a pattern
 * matches it or a directory above it. *, ? and [...] match within a component, **
 * across components.
 */
bool policy_shared(const struct policy *policy, const char *path, size_t len);

/* Whether the pattern matches the path or a directory above it. */
bool policy_glob(const struct text *pattern, const char *path, size_t len);

#endif
