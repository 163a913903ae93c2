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

enum {
	POLICY_GUARDS = 16,		/* guarded directories at most */
	POLICY_SHARES = 64,		/* shared patterns at most */
	POLICY_ALIASES = 4,		/* other names of guarded directories at most */
	POLICY_OWNS = 2,		/* own directories in them at most */
	POLICY_OWN_MAX = 511,		/* bytes of such a one's name */
	POLICY_PATH = 256,		/* room for a guarded directory's name */
	POLICY_TEXT_MAX = 16384,	/* bytes of a lease's text */
	POLICY_ROOT_MAX = 255,		/* bytes of a prefix, and so of a root's path */
	POLICY_NAME_ROOM = 44,		/* of them, for what follows its directory */
};

/* Where a string lies in the text; not terminated. */
struct text {
	const char *at;
	size_t len;
};

/*
 * How many bytes of TEXT come before its end or one of STOPS. strcspn(3), but that is
 * in pages of libc's that many a program has no other use for.
 */
static inline size_t text_until(const char *text, const char *stops)
{
	size_t n = 0;

	for (; text[n]; n++)
		for (const char *stop = stops; *stop; stop++)
			if (text[n] == *stop)
				return n;
	return n;
}

/* What comes in TEXT behind PREFIX; NULL where it does not begin so. */
static inline const char *text_after(const char *text, const char *prefix)
{
	for (; *prefix; text++, prefix++)
		if (*text != *prefix)
			return NULL;
	return text;
}

struct guard {
	struct text view;	/* "/tmp": absolute, no trailing slash */
	struct text root;	/* "/tmp/.privtmp-<id>", that anyone can list */
	struct text prefix;	/* root + "/<secret>": backing = prefix + view */
};

/*
 * A directory below a guarded one that stays as it is, because it is the user's who
 * started there, or root's, as long as that is so.
 */
struct own {
	unsigned uid;
	struct text path;
};

/* SCOPE_ROOT: all that have the same PRIVTMP_ROOT; nobody of them ends it. */
enum scope { SCOPE_TREE, SCOPE_PROCESS, SCOPE_ROOT };
enum keep { KEEP_NEVER, KEEP_FAILURE, KEEP_ALWAYS };
enum onfail { ONFAIL_DENY, ONFAIL_PASS };
enum mode { MODE_REDIRECT, MODE_AUDIT, MODE_OFF };
/* Which links lead to the backings: those that members make, or all. */
enum links { FOLLOW_MADE, FOLLOW_EXACT };
/* Whether the kernel is told, too (session/confine.h). No lease says "auto". */
enum confine { CONFINE_NO, CONFINE_YES, CONFINE_AUTO };

struct policy {
	unsigned guards;
	unsigned shares;
	struct guard guard[POLICY_GUARDS];
	struct text share[POLICY_SHARES];
	unsigned aliases;
	struct text alias[POLICY_ALIASES];	/* leads by a link to a guarded one */
	unsigned owns;
	struct own own[POLICY_OWNS];
	enum scope scope;
	enum keep keep;
	enum onfail onfail;
	enum mode mode;
	enum links links;
	enum confine confine;
};

/*
 * Settings as they come from the environment, the configuration or options:
 * NULL where nothing was said. Lists are colon-separated; an empty first
 * element drops what came before (the defaults).
 */
struct settings {
	const char *guard;
	const char *share;
	const char *root;
	const char *scope;
	const char *keep;
	const char *onfail;
	const char *mode;
	const char *links;
	const char *confine;
};

/* The settings one by one, by their keys in a configuration file. */
enum setting {
	SETTING_GUARD, SETTING_SHARE, SETTING_ROOT, SETTING_SCOPE, SETTING_KEEP,
	SETTING_ONFAIL, SETTING_MODE, SETTING_LINKS, SETTING_CONFINE, SETTINGS,
};

struct setting_row {
	const char *key;	/* "guard" */
	const char *variable;	/* "PRIVTMP_GUARD" */
	size_t offset;		/* in struct settings */
	const char *const *words;	/* what it may be; NULL: paths */
	const char *remedy;
};

extern const struct setting_row policy_settings[SETTINGS];

/* The member of SETTINGS that is KEY. */
static inline const char **settings_member(struct settings *settings,
					   enum setting key)
{
	return (const char **)(void *)((char *)settings +
				       policy_settings[key].offset);
}

/* What is guarded and shared where nobody says otherwise: colon lists. */
extern const char policy_default_guard[], policy_default_share[];

/* Reads PRIVTMP_* from ENVP (a NULL-terminated vector) into *OUT. */
void settings_from_environment(char *const *envp, struct settings *out);

/* The value of NAME in ENVP, or NULL. */
const char *environment_value(char *const *envp, const char *name);

/*
 * Writes PATH without double slashes, "/." and trailing slash to OUT.
 * Returns its length; 0 where it is relative, "/", has "..", does not fit or
 * has a control character (the lease is lines).
 */
size_t policy_plain_path(const struct text *path, char *out, size_t size);

/*
 * Where the plain PATH has a link in it: writes the name of the directory that it leads
 * to to OUT, and returns its length. 0 where it has none, or leads to none.
 */
size_t policy_real_path(const char *path, char *out, size_t size);

/* The same for any PATH. */
size_t policy_kernel_path(const char *path, char *out, size_t size);

/* Takes the next element off a colon list; false at its end. */
bool policy_element(const char **list, struct text *out);

/*
 * The variable (its name) in ENVP because of which the plain PATH is shared, or
 * NULL.
 */
const char *policy_agent(char *const *envp, const char *path, size_t len);

/* Whether the scope is SCOPE_ROOT. */
bool settings_meet(const struct settings *settings);

/* How policy_compose failed. */
struct policy_error {
	const char *what;	/* the setting: "PRIVTMP_SCOPE" */
	const char *value;	/* what it held */
	const char *remedy;	/* what would do */
};

/*
 * Writes the prefix of a new root in the directory DIR (of LEN bytes) to OUT (SIZE
 * bytes). 0 or -errno.
 */
typedef int prefix_namer(const char *dir, size_t len, char *out, size_t size);

/* Writes "KEY VALUE" and a line's end at *TEXT; false when it does not fit. */
bool policy_put(char **text, size_t *left, const char *key, const char *value);

/*
 * Writes the policy's lines into TEXT (SIZE bytes), for a session whose roots
 * are named by NAME. ENVP gives the shared paths that the environment names.
 * Returns the text's length, or -1 with *ERROR filled in.
 */
int policy_compose(const struct settings *settings, char *const *envp,
		   prefix_namer *name, char *text, size_t size,
		   struct policy_error *error);

/*
 * Reads the LEN bytes of TEXT. Returns 0, or -1 where the text is not one
 * that policy_compose writes (OUT is then unspecified).
 */
int policy_parse(const char *text, size_t len, struct policy *out);

/* Words of the enumerations, for parsing and for messages; -1 if unknown. */
int policy_word(const char *const *words, const char *at, size_t len);
extern const char *const policy_scopes[];
extern const char *const policy_keeps[];
extern const char *const policy_onfails[];
extern const char *const policy_modes[];
extern const char *const policy_links[];
extern const char *const policy_confines[];

/*
 * Whether PATH (absolute, of LEN bytes, below a guarded directory) stays
 * shared: a pattern matches it or a directory above it. Patterns know *, ?,
 * [...] within a component and ** across them.
 */
bool policy_shared(const struct policy *policy, const char *path, size_t len);

/* Whether the pattern matches the path or a directory above it. */
bool policy_glob(const struct text *pattern, const char *path, size_t len);

#endif
