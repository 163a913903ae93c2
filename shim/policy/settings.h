/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The settings: one row each, and all that is known of a setting stands in its row.
 *
 *     ROW(CONSTANT, member, "key", KIND, ARGUMENT, OPTION, HELP, ABOUT)
 *
 *     CONSTANT  SETTING_CONSTANT, and the variable PRIVTMP_CONSTANT
 *     member    of struct settings: what was said; and for the kinds WORD and SIZE of
 *               struct policy: what holds
 *     "key"     in a configuration file, and the option --key
 *     KIND      what it may be: see enum setting_kind
 *     ARGUMENT  how manuals call its value; of the kind WORD all words, the default
 *               first
 *     OPTION    which subcommands take the option: PLACE those that look for sessions,
 *               too; PATHS those that ask where a path leads, too; RUN those that run
 *               something; OPTIONAL these, where a bare --key is "yes"; UNIT unit
 *               alone (what others take of the words is in tools/options.c); NONE no
 *               subcommand
 *     HELP      in --help and completions
 *     ABOUT     in a systemd drop-in
 *
 * From the table come the structures and the enumeration here, the lines of a lease
 * (compose.c, policy.c), the keys of a configuration (config_text.c), the options
 * (tools/options.c) and what is said of a wrong value. A new setting is a row here and
 * the place that uses it; where it is a WORD, its enum below has the order of the words.
 */
#ifndef PRIVTMP_SETTINGS_H
#define PRIVTMP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/text.h"

#define SETTINGS_TABLE(ROW) \
	ROW(GUARD, guard, "guard", DIRS, "DIR", PLACE, \
	    "guard this directory too; an empty DIR drops /tmp and /var/tmp", \
	    "More directories in which the service's files are private.") \
	ROW(SHARE, share, "share", PATTERNS, "PATTERN", PATHS, \
	    "leave paths that match shared; an empty PATTERN drops the defaults", \
	    "What stays shared with other programs.") \
	ROW(ROOT, root, "root", DIR, "DIR", PLACE, \
	    "private directories are here, instead of in the guarded ones", \
	    "Where the private directories are.") \
	ROW(SCOPE, scope, "scope", WORD, "tree|process|root", UNIT, \
	    "one session for each tree of processes, program or root directory", \
	    "Which processes have one /tmp.") \
	ROW(KEEP, keep, "keep", WORD, "never|failure|always", RUN, \
	    "keep the files after the end", "Whether the files stay after the end.") \
	ROW(ONFAIL, onfail, "onfail", WORD, "deny|pass", RUN, \
	    "if protection is not possible: refuse to run, or run unprotected", \
	    "What to do if no private directory can be made.") \
	ROW(MODE, mode, "mode", WORD, "redirect|off", NONE, "redirect, or stand aside", \
	    "What the shim does.") \
	ROW(LINKS, links, "links", WORD, "made|exact", RUN, \
	    "follow links that the command makes, or older ones, too", \
	    "Which links are followed into the private directories.") \
	ROW(CONFINE, confine, "confine", WORD, "no|yes|auto", OPTIONAL, \
	    "let the kernel, too, keep it out of the shared directories", \
	    "Whether the kernel keeps the service out of the shared directories.") \
	ROW(UNCOVERED, uncovered, "uncovered", WORD, "auto|mount|confine|deny|warn", \
	    RUN, "what to do with programs that the shim cannot be loaded into", \
	    "What to do with programs that the shim cannot be loaded into.") \
	ROW(LOG, log, "log", WORD, "auto|stderr|journal|syslog", RUN, \
	    "where refusals and failed removals are reported", \
	    "Where refusals and failed removals are reported.") \
	ROW(SIZE_LIMIT, size_limit, "size-limit", SIZE, "BYTES", RUN, \
	    "limit the size of each private directory, by mounts in memory", \
	    "The most that the files in each private directory may take.")

/* The words of the table, in its order. The first is the default. */
enum scope {
	SCOPE_TREE,
	SCOPE_PROCESS,
	SCOPE_ROOT, /* shared by all with one PRIVTMP_ROOT; no member ends it */
};
enum keep { KEEP_NEVER, KEEP_FAILURE, KEEP_ALWAYS };
enum onfail { ONFAIL_DENY, ONFAIL_PASS };
enum mode { MODE_REDIRECT, MODE_OFF };
/* Which links are followed into the backings: those that members made, or all. */
enum links { FOLLOW_MADE, FOLLOW_EXACT };
/* Whether the kernel enforces it, too (session/confine.h). A lease never says "auto". */
enum confine { CONFINE_NO, CONFINE_YES, CONFINE_AUTO };
/*
 * What becomes of a program that the shim cannot be loaded into (wrap/uncovered.h): by
 * the door of a mount namespace, or kept out by the kernel, by what can be had of these,
 * else named; refused; named.
 */
enum uncovered {
	UNCOVERED_AUTO,
	UNCOVERED_MOUNT,
	UNCOVERED_CONFINE,
	UNCOVERED_DENY,
	UNCOVERED_WARN,
};
/* "log": enum report_to, in core/report.h. */

enum setting_kind {
	KIND_DIRS,     /* a list of directories; one per line in a configuration */
	KIND_PATTERNS, /* a list of patterns; one per line in a configuration */
	KIND_DIR,      /* a directory */
	KIND_WORD,     /* one of the words in ARGUMENT */
	KIND_SIZE,     /* bytes: a number, optionally with K, M, G or T */
};

#define SETTING_CONSTANT(CONSTANT, ...) SETTING_##CONSTANT,
enum setting { SETTINGS_TABLE(SETTING_CONSTANT) SETTINGS };

/*
 * Settings from the environment, the configuration or options; NULL: not set. Lists are
 * separated by colons. An empty first element drops the defaults.
 */
#define SETTING_MEMBER(CONSTANT, member, ...) const char *member;
struct settings {
	SETTINGS_TABLE(SETTING_MEMBER)
};

/*
 * The member of struct policy for a setting, by its kind. For lists and directories see
 * there.
 */
#define POLICY_DIRS(member)
#define POLICY_PATTERNS(member)
#define POLICY_DIR(member)
#define POLICY_WORD(member) unsigned member;
#define POLICY_SIZE(member) unsigned long long member; /* 0: not set */
#define POLICY_MEMBER(CONSTANT, member, key, KIND, ...) POLICY_##KIND(member)

/* How many settings are lists. */
#define SETTING_IS_LIST(CONSTANT, member, key, KIND, ...) \
	+(KIND_##KIND == KIND_DIRS || KIND_##KIND == KIND_PATTERNS)
enum { SETTING_LISTS = 0 SETTINGS_TABLE(SETTING_IS_LIST) };

struct setting_row {
	const char *key;      /* "guard" */
	const char *variable; /* "PRIVTMP_GUARD" */
	const char *words;    /* of KIND_WORD: "never|failure|always"; else NULL */
	enum setting_kind kind;
	unsigned short offset; /* in struct settings */
	unsigned short policy; /* in struct policy: of KIND_WORD and KIND_SIZE */
};

extern const struct setting_row policy_settings[SETTINGS];

/* The member of SETTINGS for KEY. */
static inline const char **settings_member(struct settings *settings, enum setting key)
{
	return (const char **)(void *)((char *)settings + policy_settings[key].offset);
}

static inline bool setting_is_list(enum setting key)
{
	return policy_settings[key].kind == KIND_DIRS ||
	       policy_settings[key].kind == KIND_PATTERNS;
}

/* The index of KEY among the lists, less than SETTING_LISTS. */
unsigned setting_list(enum setting key);

enum { SETTING_REMEDY = 160 }; /* room for the results of these two */

/*
 * The valid values of KEY: "use never, failure or always". In static memory, which the
 * next call of these two overwrites.
 */
const char *setting_remedy(enum setting key);
/* The valid keys: "use guard, share or root". */
const char *settings_remedy(void);

/* Reads PRIVTMP_* from ENVP (a NULL-terminated vector) into *OUT. */
void settings_from_environment(char *const *envp, struct settings *out);

/* The value of NAME in ENVP, or NULL. */
const char *environment_value(char *const *envp, const char *name);

/* Whether the scope is SCOPE_ROOT. */
bool settings_meet(const struct settings *settings);

/* Whether confine = yes stands beside a scope that cannot be confined. */
bool settings_clash(const struct settings *settings);

/* The limit of the size in bytes; 0: none, or it is no size. */
unsigned long long settings_limit(const struct settings *settings);

/* The index in WORDS ("never|failure|always") of the LEN bytes at AT, or -1. */
int policy_word(const char *words, const char *at, size_t len);

/* Writes "use a, b or c" for the WORDS to OUT (SIZE bytes), cut where it does not fit. */
void policy_say_words(const char *words, char *out, size_t size);

/* Parses a size. False where it is none, or too large. */
bool policy_size(const struct text *text, unsigned long long *bytes);

/* Takes the next element off a colon list. False at its end. */
bool policy_element(const char **list, struct text *out);

#endif
