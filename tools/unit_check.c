/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What in a systemd unit is against the shim; see unit.h. */
#include "unit.h"
#include "core/report.h"
#include "users.h"
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Whether the unit exists, or need not: a printed drop-in can be for another machine. */
static bool check_existence(const struct unit *u)
{
	const struct options *options = u->options;

	if (options->force || unit_is_there(u->name, &u->file))
		return true;
	report(u->name, "there is no such unit", 0,
	       !options->install ? "check its name" :
	       options->user	 ? "check its name; --force is for one to come" :
				   "check its name; --user is for a user's own unit, "
				   "--force for one to come");
	return !options->install;
}

/*
 * In a root directory of its own ld.so looks for the shim there: where it finds none, it says
 * so and goes on without it. False: that is not to be installed.
 */
static bool check_root(const struct unit *u)
{
	const struct options *options = u->options;
	char what[PATH_MAX + 64];

	if (unit_is_masked(&u->file))
		report(u->name, "is masked, so that it does not start", 0,
		       "systemctl unmask it");
	if (!unit_lacks(&u->file, u->shim.path))
		return true;
	snprintf(what, sizeof what,
		 u->file.image ? "the shim is not known to be in its RootImage=%s" :
				 "the shim is not in its RootDirectory=%s",
		 u->file.root);
	report(u->name, what, 0,
	       options->install && !options->force ?
		       "use PrivateTmp=yes, or install privtmp in there; --force is for "
		       "one that will have it" :
		       "use PrivateTmp=yes, or install privtmp in there");
	return !options->install || options->force;
}

/*
 * RuntimeDirectoryMode= is for all of the unit's run-time directories, the session's
 * among them.
 */
static void check_runtime_mode(const struct unit *u)
{
	char what[128];

	if (!settings_meet(&u->options->settings) || !(u->file.runtime_mode & 022))
		return;
	snprintf(what, sizeof what,
		 "RuntimeDirectoryMode=%04o lets others write to the session's "
		 "directory: it would be refused",
		 u->file.runtime_mode);
	report(u->name, what, 0, "set that to 0755, or leave --scope root out");
}

/* Whether the service is started as the user UID. */
static bool runs_as(const struct unit *u, uid_t uid)
{
	const char *user = u->file.user;
	const struct passwd *entry;
	char number[16];

	if (u->options->user)
		return uid == getuid();
	if (!user[0])
		return uid == 0;
	snprintf(number, sizeof number, "%u", uid);
	if (!strcmp(user, number))
		return true;
	entry = user_of(uid);
	return entry && !strcmp(user, entry->pw_name);
}

/*
 * Whether the unit's program gets more rights than the user has as whom it is started: ld.so
 * ignores LD_PRELOAD then. DynamicUser= implies that no program gets any.
 */
static bool gains_rights(const struct unit *u)
{
	const bool root = runs_as(u, 0);
	struct stat st;

	if (u->file.dynamic_user || stat(u->file.program, &st) < 0)
		return false;
	return ((st.st_mode & S_ISUID) && !runs_as(u, st.st_uid)) ||
	       ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) &&
		!(root && st.st_gid == 0)) ||
	       (!root && getxattr(u->file.program, "security.capability", NULL, 0) > 0);
}

/* Looks at the unit's program, and reports why the shim cannot be loaded into it. */
static void check_program(struct unit *u)
{
	const char *obstacle, *remedy;

	/* In a root of its own it is another file. */
	if (u->file.program[0] != '/' || u->file.root[0])
		return;
	if (program_inspect(u->file.program, &u->program) != 0) {
		u->program.known = false;
		return;
	}
	if (gains_rights(u)) {
		report(u->file.program,
		       "set-user-ID, set-group-ID or with capabilities: the shim is not "
		       "loaded into it by LD_PRELOAD",
		       0, "name the shim in /etc/ld.so.preload");
		return;
	}
	obstacle = shim_obstacle(&u->shim, &u->program, &remedy);
	if (obstacle)
		report(u->program.path, obstacle, 0, remedy);
}

/*
 * Without PIDFile=, systemd guesses the main process among those that have become its
 * children. The helper of a session is one of these.
 */
static void check_forking(const struct unit *u)
{
	if (u->file.forking && !u->file.pid_file[0] &&
	    !settings_meet(&u->options->settings))
		report(u->name,
		       "forks and has no PIDFile=: systemd will not know "
		       "its main process",
		       0, "use --scope root");
}

/* Only the launcher learns of a failure. */
static void check_keep(const struct unit *u)
{
	const char *keep = u->options->settings.keep;

	if (keep && !strcmp(keep, "failure"))
		report("--keep failure", "keeps nothing in a unit", 0,
		       "use --keep always, or privtmp run in ExecStart=");
}

/*
 * Whether the unit lets ld.so load the shim. Where it does not, the service would run
 * unprotected: that is not to be installed.
 */
static bool check_loading(const struct unit *u)
{
	const struct options *options = u->options;
	const char *what = NULL, *remedy = NULL;

	if (u->file.unsets) {
		what = "its UnsetEnvironment= takes LD_PRELOAD from the service";
		remedy = "take that out of it, or use PrivateTmp=yes";
	} else if (unit_executes_nothing(&u->file, u->shim.path)) {
		what = "its NoExecPaths= keeps the shim from being loaded";
		remedy = "name the shim in ExecPaths=, or use PrivateTmp=yes";
	}
	if (!what)
		return true;
	report(u->name, what, 0, remedy);
	return !options->install || options->force;
}

/* Whether systemd makes what lies there at the service's start: RuntimeDirectory= and others. */
static bool is_made_at_start(const char *path)
{
	static const char *const places[] = { "/run/", "/var/lib/", "/var/cache/" };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (!strncmp(path, places[i], strlen(places[i])))
			return true;
	return false;
}

/* Reports where the service could make no private directory: guarded calls would fail. */
static void check_places(const struct unit *u)
{
	const struct settings *s = &u->options->settings;
	const char *place = s->root && *s->root ? s->root : "/tmp";
	char what[PATH_MAX + 64], remedy[PATH_MAX + 64];

	if (settings_meet(s))
		return;
	if (s->root && *s->root && !u->file.root[0] && !is_made_at_start(place) &&
	    access(place, F_OK) < 0)
		report(place, "no private directory can be made here", errno,
		       "create it with mode 1777");
	if (!unit_writes_nothing(&u->file, place))
		return;
	snprintf(what, sizeof what,
		 "it may not write to %s: no private directory can be made", place);
	snprintf(remedy, sizeof remedy,
		 "name %s in ReadWritePaths=, or use PrivateTmp=yes",
		 s->root && *s->root ? place : "/tmp and /var/tmp");
	report(u->name, what, 0, remedy);
}

/* Reports what overrides the drop-in's LD_PRELOAD. */
static void check_environment(const struct unit *u)
{
	static const char wrong[] = "its LD_PRELOAD wins over the drop-in's";

	if (u->file.environment[0])
		report(u->file.environment, wrong, 0, "add the shim to it there");
	if (u->file.later[0])
		report(u->file.later, wrong, 0, "let it come before privtmp.conf");
}

bool unit_check(struct unit *u)
{
	if (!check_existence(u) || !check_root(u) || !check_loading(u))
		return false;
	check_places(u);
	check_runtime_mode(u);
	check_program(u);
	check_forking(u);
	check_keep(u);
	check_environment(u);
	return true;
}
