/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Composes the text of a policy from the defaults, the settings, and the shared paths
 * that the environment names. Done once a session, by the process that starts it.
 */
#define _GNU_SOURCE
#include "policy/compose.h"
#include "core/owner.h"
#include "core/sys.h"
#include "policy/places.h"
#include "policy/policy.h"
#include "policy/real_path.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

const char policy_default_guard[] = "/tmp:/var/tmp";
/*
 * Shared by default: an X server that did not see the locks of others would remove
 * their sockets.
 */
const char policy_default_share[] =
	"/tmp/.X11-unix:/tmp/.ICE-unix:/tmp/.XIM-unix:/tmp/.font-unix:"
	"/tmp/.X*-lock:/tmp/.tX*-lock:"
	/*
	 * The sockets of an ssh-agent that is set-group-ID, and so does not load the
	 * shim.
	 */
	"/tmp/ssh-????????????";

/*
 * The variables that name the sockets of a login session's agents and servers. The path
 * follows SKIP, and ends at one of the characters of STOP.
 */
static const struct {
	const char *name, *skip, *stop;
} agents[] = {
	{ "SSH_AUTH_SOCK", "", "" },
	{ "XAUTHORITY", "", "" },
	{ "KRB5CCNAME", "FILE:", "" },
	{ "KRB5CCNAME", "DIR:", "" },
	{ "DBUS_SESSION_BUS_ADDRESS", "unix:path=", ",;" },
	{ "TMUX", "", "," },
	{ "GPG_AGENT_INFO", "", ":" },
	{ "WAYLAND_DISPLAY", "", "" },
	{ "XDG_RUNTIME_DIR", "", "" },
};

struct writer {
	char *at;
	size_t left;
	bool full;
};

struct paths {
	unsigned n;
	struct text path[POLICY_GUARDS];
	/* Room for paths that had to be rewritten. */
	char room[POLICY_GUARDS][POLICY_PATH];
	/*
	 * Names that lead by a link to one of them, and the directories that they lead
	 * to.
	 */
	unsigned aliases;
	struct {
		char name[POLICY_PATH], real[POLICY_PATH];
	} alias[POLICY_ALIASES];
};

static void put_bytes(struct writer *w, const char *s, size_t len)
{
	if (w->full || len >= w->left) {
		w->full = true;
		return;
	}
	memcpy(w->at, s, len);
	w->at += len;
	w->left -= len;
}

static void put_line(struct writer *w, const char *key, const char *value, size_t len)
{
	put_bytes(w, key, strlen(key));
	put_bytes(w, " ", 1);
	put_bytes(w, value, len);
	put_bytes(w, "\n", 1);
}

bool policy_put(char **text, size_t *left, const char *key, const char *value)
{
	struct writer w = { *text, *left, false };

	put_line(&w, key, value, strlen(value));
	*text = w.at;
	*left = w.left;
	return !w.full;
}

/* Whether PATH is DIR or lies below it. */
static bool is_below(const struct text *path, const struct text *dir)
{
	return path->len >= dir->len && !memcmp(path->at, dir->at, dir->len) &&
	       (path->len == dir->len || path->at[dir->len] == '/');
}

/*
 * Whether NAME leads by a link to another directory, which is then in REAL. Notes it as
 * an alias.
 */
static bool add_alias(struct paths *guards, const char *name, char *real)
{
	unsigned i = 0;

	if (!policy_real_path(name, real, POLICY_PATH))
		return false;
	while (i < guards->aliases && strcmp(guards->alias[i].name, name) != 0)
		i++;
	if (i == POLICY_ALIASES)
		return false;
	guards->aliases += i == guards->aliases;
	memcpy(guards->alias[i].name, name, strlen(name) + 1);
	memcpy(guards->alias[i].real, real, strlen(real) + 1);
	return true;
}

/*
 * PATH with an alias at its beginning replaced by the name of the directory, in ROOM;
 * or as it is.
 */
static struct text without_alias(const struct paths *guards, const struct text *path,
				 char room[2 * POLICY_PATH])
{
	for (unsigned i = 0; i < guards->aliases; i++) {
		const char *name = guards->alias[i].name;
		const struct text alias = { name, strlen(name) };
		size_t real = strlen(guards->alias[i].real);
		size_t rest = path->len - alias.len;

		if (!is_below(path, &alias) || real + rest >= 2 * POLICY_PATH)
			continue;
		memcpy(room, guards->alias[i].real, real);
		memcpy(room + real, path->at + alias.len, rest);
		return (struct text){ room, real + rest };
	}
	return *path;
}

/* Adds a guarded directory by its name without links, unless it lies in another. */
static int add_guard(struct paths *guards, const struct text *element)
{
	char name[POLICY_PATH], real[POLICY_PATH];
	struct text path = { name, policy_plain_path(element, name, sizeof name) };
	const char *plain = name;

	if (!path.len)
		return -1;
	if (add_alias(guards, name, real)) {
		path = (struct text){ real, strlen(real) };
		plain = real;
	}
	for (unsigned i = 0; i < guards->n; i++)
		if (is_below(&path, &guards->path[i]))
			return 0;
	for (unsigned i = 0; i < guards->n;) {
		if (is_below(&guards->path[i], &path)) {
			struct text last = guards->path[--guards->n];

			memcpy(guards->room[i], last.at, last.len);
			guards->path[i].len = last.len;
		} else {
			i++;
		}
	}
	if (guards->n == POLICY_GUARDS)
		return -1;
	unsigned i = guards->n++;

	memcpy(guards->room[i], plain, path.len + 1);
	guards->path[i] = (struct text){ guards->room[i], path.len };
	return 0;
}

static int add_guards(struct paths *guards, const char *list)
{
	struct text element;
	bool first = true;

	while (policy_element(&list, &element)) {
		if (element.len == 0 && first)
			guards->n = 0;
		else if (element.len && add_guard(guards, &element) < 0)
			return -1;
		first = false;
	}
	return 0;
}

/*
 * Whether the directory TMPDIR, whose status is ST, belongs to this user or the system, whoever
 * has mounted what is there, and others cannot write to it.
 */
static bool is_own(const char *tmpdir, const struct statx *st)
{
	static const char up[] = "/..";
	const size_t len = strlen(tmpdir);
	char above[POLICY_PATH + sizeof up];
	struct statx around;

	if (st->stx_mode & (S_IWGRP | S_IWOTH) ||
	    (!owner_is_self(st->stx_uid, sys_geteuid(), tmpdir) &&
	     !owner_is_system(st->stx_uid, tmpdir)))
		return false;
	/* A longer one cannot be guarded. */
	if (len > POLICY_PATH)
		return true;
	memcpy(above, tmpdir, len);
	memcpy(above + len, up, sizeof up);
	return sys_statx(AT_FDCWD, above, 0, &around) == 0 &&
	       !owner_is_said(tmpdir, st, &around);
}

/*
 * $TMPDIR is guarded where others can write to it, as they can to /tmp. Its owner can always.
 * Who owns what leads to it does not count: on clusters that is often somebody else.
 */
static void add_tmpdir(struct paths *guards, const char *tmpdir)
{
	char real[POLICY_PATH];
	struct text path = { real, 0 };
	struct statx st;

	if (!tmpdir || tmpdir[0] != '/' || sys_statx(AT_FDCWD, tmpdir, 0, &st) < 0 ||
	    !S_ISDIR(st.stx_mode))
		return;
	if (is_own(tmpdir, &st))
		return;
	/* It is left out where it cannot be guarded: nobody asked for it. */
	if (add_guard(guards, &(struct text){ tmpdir, strlen(tmpdir) }) == 0)
		return;
	/* It may have "..", so a path that begins with it is walked. */
	path.len = policy_kernel_path(tmpdir, real, sizeof real);
	if (path.len)
		(void)add_guard(guards, &path);
}

/* /usr/tmp: the name that old programs use for /var/tmp, where it is a link. */
static void add_usual(struct paths *guards)
{
	static const char name[] = "/usr/tmp";
	char real[POLICY_PATH];
	struct text path = { real, 0 };

	/* Mostly it does not exist, which takes one call to see. */
	if (sys_readlinkat(AT_FDCWD, name, real, 1) == 1)
		path.len = policy_real_path(name, real, sizeof real);
	for (unsigned i = 0; path.len && i < guards->n; i++) {
		if (is_below(&path, &guards->path[i])) {
			(void)add_alias(guards, name, real);
			break;
		}
	}
}

static void put_shares(struct writer *w, const struct paths *guards, const char *list)
{
	struct text element;
	char room[2 * POLICY_PATH];

	while (policy_element(&list, &element)) {
		if (!element.len)
			continue;
		element = without_alias(guards, &element, room);
		put_line(w, "share", element.at, element.len);
	}
}

/*
 * Whether each element of a list of shared paths is absolute and has no control
 * character.
 */
static bool shares_are_paths(const char *list)
{
	struct text element;

	while (policy_element(&list, &element)) {
		if (element.len && element.at[0] != '/')
			return false;
		for (size_t i = 0; i < element.len; i++)
			if ((unsigned char)element.at[i] < ' ')
				return false;
	}
	return true;
}

/* Escapes the wildcards: a path from the environment is no pattern. */
static void put_literal_share(struct writer *w, const struct text *path)
{
	put_bytes(w, "share ", 6);
	for (size_t i = 0; i < path->len; i++) {
		if (strchr("*?[\\", path->at[i]))
			put_bytes(w, "\\", 1);
		put_bytes(w, path->at + i, 1);
	}
	put_bytes(w, "\n", 1);
}

/* Takes the path of agent number I from ENVP. False where there is none. */
static bool agent_path(char *const *envp, size_t i, char room[POLICY_PATH],
		       struct text *path)
{
	const char *value = environment_value(envp, agents[i].name);

	if (!value)
		return false;

	const char *behind = text_after(value, agents[i].skip);
	const char *at = behind ? behind : value;
	struct text raw = { at, text_until(at, agents[i].stop) };

	*path = (struct text){ room, policy_plain_path(&raw, room, POLICY_PATH) };
	return path->len != 0;
}

enum { AGENTS = sizeof agents / sizeof *agents };

static void put_agents(struct writer *w, char *const *envp, const struct paths *guards)
{
	for (size_t i = 0; i < AGENTS; i++) {
		struct text path;
		char room[POLICY_PATH], other[2 * POLICY_PATH];

		if (!agent_path(envp, i, room, &path))
			continue;
		path = without_alias(guards, &path, other);
		/* A path below a guarded directory, never that directory. */
		for (unsigned g = 0; g < guards->n; g++)
			if (is_below(&path, &guards->path[g]) &&
			    path.len > guards->path[g].len)
				put_literal_share(w, &path);
	}
}

const char *policy_agent(char *const *envp, const char *path, size_t len)
{
	const struct text sought = { path, len };
	struct text agent;
	char room[POLICY_PATH];

	for (size_t i = 0; i < AGENTS; i++)
		if (agent_path(envp, i, room, &agent) && is_below(&sought, &agent))
			return agents[i].name;
	return NULL;
}

static int bad(struct policy_error *error, enum setting key, const char *value)
{
	*error = (struct policy_error){ policy_settings[key].variable, value,
					setting_remedy(key) };
	return -1;
}

static const char *setting_value(const struct settings *settings, enum setting key)
{
	struct settings copy = *settings;

	return *settings_member(&copy, key);
}

/* Writes the line of a setting that is a word or a size, where it is set. */
static int put_setting(struct writer *w, const struct setting_row *row, const char *value)
{
	size_t len = value ? strlen(value) : 0;
	unsigned long long size;

	if (row->kind == KIND_WORD) {
		if (!len) {
			value = row->words;
			len = text_until(value, "|");
		}
		if (policy_word(row->words, value, len) < 0)
			return -1;
	} else if (row->kind != KIND_SIZE || !len) {
		return 0;
	} else if (!policy_size(&(struct text){ value, len }, &size)) {
		return -1;
	}
	put_line(w, row->key, value, len);
	return 0;
}

/* Writes all settings. 0, or -1 with *ERROR set. */
static int put_settings(struct writer *w, const struct settings *s,
			struct policy_error *error)
{
	for (int i = 0; i < SETTINGS; i++) {
		const char *value = setting_value(s, (enum setting)i);

		/* With SCOPE_ROOT the session outlives its members. */
		if (i == SETTING_KEEP && settings_meet(s))
			value = "always";
		if (put_setting(w, &policy_settings[i], value) < 0)
			return bad(error, (enum setting)i, value);
	}
	return 0;
}

static int put_guards(struct writer *w, const struct paths *guards,
		      const struct settings *settings, prefix_namer *name)
{
	char prefix[POLICY_ROOT_MAX + 1], place[2][POLICY_ROOT_MAX + 1] = { "", "" };

	for (unsigned i = 0; i < guards->n; i++) {
		const struct text *view = &guards->path[i];
		char *here = place[i % 2], *before = place[(i + 1) % 2];
		size_t len = place_of_root(settings, view, here, sizeof place[0]);

		/*
		 * One root for all guards that have the same place. (Not strcmp(3): a
		 * sanitizer's run-time that calls us first has none.)
		 */
		if ((strlen(before) != len || memcmp(here, before, len) != 0) &&
		    name(here, len, prefix, sizeof prefix) < 0)
			return -1;
		put_bytes(w, "guard ", 6);
		put_bytes(w, prefix, strlen(prefix));
		put_bytes(w, "\t", 1);
		put_bytes(w, view->at, view->len);
		put_bytes(w, "\n", 1);
	}
	for (unsigned i = 0; i < guards->aliases; i++)
		put_line(w, "alias", guards->alias[i].name,
			 strlen(guards->alias[i].name));
	return 0;
}

/* Whether each root has a place whose name leaves room for the root's. */
static bool have_places(const struct paths *guards, const struct settings *settings)
{
	char place[POLICY_ROOT_MAX + 1 - POLICY_NAME_ROOM];

	for (unsigned i = 0; i < guards->n; i++)
		if (!place_of_root(settings, &guards->path[i], place, sizeof place))
			return false;
	return true;
}

int policy_compose(const struct settings *s, char *const *envp, prefix_namer *name,
		   char *text, size_t size, struct policy_error *error)
{
	struct writer w = { text, size, false };
	struct paths guards;

	if (put_settings(&w, s, error) < 0)
		return -1;
	if (settings_meet(s) && (!s->root || !*s->root)) {
		bad(error, SETTING_SCOPE, s->scope);
		error->remedy = "set PRIVTMP_ROOT, too";
		return -1;
	}
	if (settings_clash(s)) {
		bad(error, SETTING_CONFINE, s->confine);
		error->remedy = "use the scope tree with it";
		return -1;
	}
	guards.n = guards.aliases = 0;
	(void)add_guards(&guards, policy_default_guard);
	if (s->guard && add_guards(&guards, s->guard) < 0) {
		bad(error, SETTING_GUARD, s->guard);
		if (guards.n == POLICY_GUARDS)
			error->remedy = "name fewer directories";
		return -1;
	}
	add_tmpdir(&guards, environment_value(envp, "TMPDIR"));
	add_usual(&guards);
	if (!have_places(&guards, s))
		return bad(error, SETTING_ROOT, s->root);
	if (put_guards(&w, &guards, s, name) < 0) {
		bad(error, SETTING_ROOT, s->root);
		error->remedy = "name a directory with a shorter path";
		return -1;
	}
	if (!s->share || s->share[0] != ':')
		put_shares(&w, &guards, policy_default_share);
	if (s->share && !shares_are_paths(s->share))
		return bad(error, SETTING_SHARE, s->share);
	put_shares(&w, &guards, s->share);
	put_agents(&w, envp, &guards);
	if (w.full) {
		bad(error, SETTING_SHARE, s->share);
		error->remedy = "name fewer or shorter paths";
		return -1;
	}
	return (int)(size - w.left);
}
