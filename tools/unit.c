/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp unit: a systemd drop-in that gives a service a private /tmp; says when
 * PrivateTmp= would be better.
 */
#include "unit.h"
#include "core/report.h"
#include "policy/compose.h"
#include "session/session.h"
#include "session/trust.h"
#include "remedy.h"
#include "tool.h"
#include "unit_text.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What each setting does: comments in the drop-in. */
#define SETTING_ABOUT(CONSTANT, member, key, KIND, argument, OPTION, help, about) \
	[SETTING_##CONSTANT] = about,

static const char *const comments[SETTINGS] = { SETTINGS_TABLE(SETTING_ABOUT) };

/* Whether PATH lies in a guarded directory, by the options alone. */
static bool is_guarded(const struct settings *s, const char *path)
{
	const char *lists[] = { policy_default_guard, s->guard };

	for (int i = s->guard && s->guard[0] == ':'; i < 2; i++) {
		struct text element;

		while (policy_element(&lists[i], &element))
			if (element.len && path[element.len] == '/' &&
			    !strncmp(path, element.at, element.len))
				return true;
	}
	return false;
}

/* A file that systemd has to find where the service says it is. */
static bool has_shared_pid_file(const struct unit *u)
{
	const char *path = u->file.pid_file;

	return is_guarded(&u->options->settings, path) && !strpbrk(path, ":*?[\\");
}

static void put_shared(FILE *out, const struct unit *u)
{
	const char *given = u->options->settings.share;

	if (given)
		fprintf(out, "# %s\n", comments[SETTING_SHARE]);
	if (has_shared_pid_file(u))
		fputs("# systemd reads the PIDFile= there, so it stays shared; "
		      "better: one in /run.\n",
		      out);
	else if (!given)
		return;
	fprintf(out, "Environment=\"%s=", policy_settings[SETTING_SHARE].variable);
	unit_put_quoted(out, given ? given : "", false);
	if (has_shared_pid_file(u)) {
		if (given)
			putc(':', out);
		/* Its specifiers are the unit's, so they stay. */
		unit_put_quoted(out, u->file.pid_file, true);
	}
	fputs("\"\n", out);
}

/* Whether this machine lets root have a mount namespace. */
static bool has_namespaces(void)
{
	int status;
	pid_t child;

	if (geteuid() != 0)
		return true; /* nothing speaks against it */
	child = fork();
	if (child == 0)
		_exit(unshare(CLONE_NEWNS) < 0);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* What PrivateTmp= would do for this service: lines of a comment. */
static void put_advice(FILE *out, const struct unit *u)
{
	const struct settings *s = &u->options->settings;

	if (u->file.private_tmp || u->file.dynamic_user)
		fputs("# The unit has PrivateTmp= already, by itself or by\n"
		      "# DynamicUser=: its /tmp is private without this.\n",
		      out);
	else if (u->options->user)
		fputs("# PrivateTmp= is not for every user's service manager: it "
		      "needs user\n# namespaces there.\n",
		      out);
	else if (!has_namespaces())
		fputs("# PrivateTmp=yes would not do here: no mount namespace can "
		      "be had.\n",
		      out);
	else if (has_shared_pid_file(u))
		fputs("# PrivateTmp=yes would not do: systemd would not find the "
		      "PIDFile= in it;\n# with one in /run it would.\n",
		      out);
	else if (s->share)
		fputs("# PrivateTmp=yes would not do: it leaves no single path "
		      "shared.\n",
		      out);
	else if (s->guard)
		fputs("# PrivateTmp=yes would not do: it is for /tmp and /var/tmp "
		      "alone.\n",
		      out);
	else if (s->scope && !strcmp(s->scope, "process"))
		fputs("# PrivateTmp=yes would not do: it is one /tmp for the whole "
		      "unit.\n",
		      out);
	else
		fputs("# PrivateTmp=yes would do better: this is a system unit, and "
		      "nothing speaks\n# against it. It holds for static binaries, "
		      "and for programs that mean harm.\n",
		      out);
}

/* One session for all commands: its place, and its removal. */
static void put_meeting(FILE *out)
{
	fputs("# All commands have one session, in a directory that is there as "
	      "long as the unit.\nRuntimeDirectory=%N.privtmp\n"
	      "# That is where.\n",
	      out);
	fprintf(out, "Environment=\"%s=%%t/%%N.privtmp\"\n",
		policy_settings[SETTING_ROOT].variable);
}

/* Why the unit cannot be confined (libprivtmp(7)), or NULL. */
static const char *against_confining(const struct unit *u)
{
	const struct settings *s = &u->options->settings;

	if (u->file.new_privileges)
		return "it has NoNewPrivileges=no or PAMName=";
	if (u->file.powers)
		return "it has AmbientCapabilities= or Delegate=: it may mount, or trace";
	if (s->scope && strcmp(s->scope, "tree") != 0)
		return "it is for the scope tree alone";
	return NULL;
}

/* Writes the lines that confine the service, or offers them as comments. */
static void put_confining(FILE *out, const struct unit *u)
{
	const char *asked = u->options->settings.confine;
	const char *against = against_confining(u);

	if (asked && !strcmp(asked, "no"))
		return;
	if (asked && against) {
		fprintf(out, "# confine, but not NoNewPrivileges=yes: %s.\n", against);
		return;
	}
	if (asked) {
		fputs("# Programs get no rights by set-user-ID bits; needed to be confined.\n"
		      "NoNewPrivileges=yes\n",
		      out);
		return;
	}
	if (against)
		return;
	fputs("# Nothing in the unit speaks against it: without the \"#\" these have the\n"
	      "# kernel refuse what gets past the shim. See LIMITS in libprivtmp(7).\n",
	      out);
	fprintf(out, "#Environment=\"%s=yes\"\n#NoNewPrivileges=yes\n",
		policy_settings[SETTING_CONFINE].variable);
}

static void put_dropin(FILE *out, const struct unit *u)
{
	struct settings settings = u->options->settings;
	char preload[PATH_MAX + 520];

	fprintf(out, "%s for %s;\n# privtmp unit %s--remove %s takes it away.\n",
		unit_mark, u->name, u->options->user ? "--user " : "", u->name);
	put_advice(out, u);
	fputs("[Service]\n# Loads the shim into each program that the unit starts.\n",
	      out);
	snprintf(preload, sizeof preload, "%s%s%s", shim_name(&u->shim, &u->program),
		 u->file.preload[0] ? ":" : "", u->file.preload);
	unit_put_variable(out, "LD_PRELOAD", preload);
	if (settings_meet(&settings))
		put_meeting(out);
	for (int i = 0; i < SETTINGS; i++) {
		const char *value = *settings_member(&settings, (enum setting)i);

		if (i == SETTING_SHARE)
			put_shared(out, u);
		if (!value || i == SETTING_SHARE)
			continue;
		fprintf(out, "# %s\n", comments[i]);
		unit_put_variable(out, policy_settings[i].variable, value);
	}
	put_confining(out, u);
	fputs("# Removes what is left of the service's own where all were killed "
	      "at once;\n# the shim stands aside.\n"
	      "ExecStopPost=-",
	      out);
	unit_put_program(out, u->tool);
	fputs(" sweep --own --timeout 20\n", out);
}

static int cannot(const char *path, const char *what)
{
	report(path, what, errno, remedy_of(errno));
	return 1;
}

/* Makes the directories above PATH. False where one cannot be made, as the user is told. */
static bool make_directories(char *path)
{
	struct stat st;

	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		int error;

		*slash = '\0';
		error = mkdir(path, 0755) < 0 ? errno : 0;
		if (error && (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))) {
			errno = error;
			if (error == EEXIST)
				report(path, "not a directory", 0, "move it away");
			else
				cannot(path, "cannot be made");
			return false;
		}
		*slash = '/';
	}
	return true;
}

/*
 * Whether root would write where another user can exchange what is there: that user's units
 * are for that user. What does not exist yet is made by us; what is no directory is told
 * then.
 */
static bool is_theirs(const char *path)
{
	const int ret = geteuid() == 0 ? trust_parents(path, 0) : 0;

	return ret < 0 && ret != -ENOENT && ret != -ENOTDIR;
}

static void say_reload(const struct unit *u)
{
	const char *user = u->options->user ? " --user" : "";
	const char *at = strstr(u->name, "@.");

	/* A template is not started itself. */
	if (at)
		printf("now: systemctl%s daemon-reload && systemctl%s restart '%.*s@*%s'\n",
		       user, user, (int)(at - u->name), u->name, at + 1);
	else
		printf("now: systemctl%s daemon-reload && systemctl%s restart %s\n", user,
		       user, u->name);
}

/* Writes the drop-in to FILE, which is closed; 0, or -1 with errno set. */
static int write_dropin(FILE *file, const struct unit *u)
{
	int error;

	put_dropin(file, u);
	error = fchmod(fileno(file), 0644) < 0 || fflush(file) != 0 ? errno : 0;
	if (!error && ferror(file))
		error = EIO;
	if (fclose(file) != 0 && !error)
		error = errno;
	errno = error;
	return error ? -1 : 0;
}

static int install(const struct unit *u, char *path)
{
	char temporary[PATH_MAX + 308];
	FILE *file;
	int ret;

	if (unit_is_ours(path) == 0) {
		report(path, "is somebody else's", 0, "move it away");
		return 1;
	}
	if (u->options->dry_run) {
		printf("would write %s:\n", path);
		put_dropin(stdout, u);
		return options_written(0);
	}
	if (!make_directories(path))
		return 1;
	snprintf(temporary, sizeof temporary, "%s.new", path);
	unlink(temporary);
	file = fopen(temporary, "wxe");
	if (!file)
		return cannot(temporary, "cannot be made");
	if (write_dropin(file, u) < 0 || rename(temporary, path) < 0) {
		ret = cannot(path, "cannot be written");
		unlink(temporary);
		return ret;
	}
	printf("wrote %s\n", path);
	say_reload(u);
	put_advice(stdout, u);
	return options_written(0);
}

static int uninstall(const struct unit *u, char *path)
{
	switch (unit_is_ours(path)) {
	case -1: report(path, "is not there", 0, "there is nothing to remove"); return 1;
	case 0: report(path, "is somebody else's", 0, "remove it by hand"); return 1;
	}
	if (u->options->dry_run) {
		printf("would remove %s\n", path);
		return options_written(0);
	}
	if (unlink(path) < 0)
		return cannot(path, "cannot be removed");
	printf("removed %s\n", path);
	*strrchr(path, '/') = '\0';
	(void)rmdir(path); /* if it was all that there was */
	say_reload(u);
	return options_written(0);
}

int tool_unit(const struct options *options, int argc, char **argv)
{
	static struct unit u;
	char dir[PATH_MAX], path[PATH_MAX + 300];

	u.options = options;
	if (argc != 1) {
		options_complain(options->command, "unit", "name one unit");
		return STATUS_USAGE;
	}
	if (options->install && options->remove) {
		options_complain(options->command, "--install",
				 "not together with --remove");
		return STATUS_USAGE;
	}
	if (!unit_take_name(options, argv[0], u.name, sizeof u.name))
		return STATUS_USAGE;
	if (settings_limit(&options->settings)) {
		options_complain(options->command, "--size-limit",
				 "the library holds no session to a size: name a --root "
				 "of that size");
		return STATUS_USAGE;
	}
	if (settings_clash(&options->settings)) {
		options_complain(options->command, "--confine",
				 "is for --scope tree alone");
		return STATUS_USAGE;
	}
	if (settings_meet(&options->settings) && options->settings.root) {
		options_complain(options->command, "--root",
				 "with --scope root it is the unit's own");
		return STATUS_USAGE;
	}
	if (!unit_directory(options->user, dir)) {
		report("HOME", "is not set, or no absolute path", 0,
		       "set it to the user's directory");
		return 1;
	}
	snprintf(path, sizeof path, "%s/%s.d/%s", dir, u.name, unit_dropin);
	if ((options->install || options->remove) && is_theirs(path)) {
		report(dir, "another user can write there, or to what leads to it", 0,
		       "run it as that user");
		return 1;
	}
	if (options->remove)
		return uninstall(&u, path);
	if (!tool_find(u.tool) || shim_find(&u.shim) < 0)
		return 1;
	unit_file_read(u.name, options->user, &u.file);
	if (!unit_check(&u))
		return 1;
	if (options->install)
		return install(&u, path);
	put_dropin(stdout, &u);
	return options_written(0);
}
