/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp status of a unit of systemd's: its drop-in and its processes; see status.h. */
#include "status.h"
#include "fit.h"
#include "json.h"
#include "preload.h"
#include "procfs.h"
#include "unit_file.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROCESSES = 256 }; /* processes of a unit that are shown */

struct unit {
	const struct options *options;
	char name[300];
	struct unit_file file;
	size_t n;
	pid_t pid[PROCESSES];
};

/* Whether PATH, a control group's, has NAME for one of its components. */
static bool has_component(const char *path, const char *name)
{
	const size_t len = strlen(name);

	for (const char *at = path; (at = strstr(at, name)); at++)
		if (at > path && at[-1] == '/' &&
		    (at[len] == '/' || at[len] == '\n' || at[len] == '\0'))
			return true;
	return false;
}

/* Whether PATH is of the caller's own service manager. */
static bool is_of_user(const char *path)
{
	char manager[64];

	snprintf(manager, sizeof manager, "user@%lu.service", (unsigned long)geteuid());
	return has_component(path, manager);
}

static bool is_in(const struct unit *u, pid_t pid)
{
	FILE *file = procfs_open(pid, "cgroup");
	char line[4096];
	bool in = false;

	while (file && !in && fgets(line, sizeof line, file))
		in = has_component(line, u->name) &&
		     (u->options->user ? is_of_user(line) : !strstr(line, "/user@"));
	if (file)
		fclose(file);
	return in;
}

static void find_processes(struct unit *u)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && u->n < PROCESSES && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    is_in(u, (pid_t)atol(entry->d_name)))
			u->pid[u->n++] = (pid_t)atol(entry->d_name);
	if (proc)
		closedir(proc);
}

/* For a socket, its service is examined. */
static bool name_unit(const struct options *options, char *out, size_t size,
		      const char *given)
{
	char name[300];

	return unit_name(given, name, sizeof name) &&
	       unit_service(name, options->user, out, size);
}

bool status_is_unit(const struct options *options, const char *name)
{
	static struct unit_file file;
	char full[300];

	if (!name_unit(options, full, sizeof full, name))
		return false;
	unit_file_read(full, options->user, &file);
	return unit_is_there(full, &file);
}

/* Whether its drop-in comes to nothing, because there is no shim in the unit's root. */
static bool is_in_vain(const struct unit *u)
{
	static struct shim shim;

	return u->file.ours[0] && u->file.root[0] && shim_find(&shim) == 0 &&
	       unit_lacks(&u->file, shim.path);
}

/* Whether there is such a unit, or was one that still has processes. */
static bool is_there(const struct unit *u)
{
	return u->n || unit_is_there(u->name, &u->file);
}

/* What the unit's files say, if it has no process. */
static struct reason reason_of(const struct unit *u)
{
	if (!is_there(u))
		return (struct reason){ "there is no such unit",
					"see systemctl list-unit-files" };
	if (is_in_vain(u))
		return (struct reason){
			"the shim is not in the unit's own root, as far as can be seen",
			"use PrivateTmp=yes, or install privtmp in there"
		};
	if (u->file.ours[0])
		return (struct reason){ NULL, NULL };
	if (u->file.private_tmp || u->file.dynamic_user)
		return (struct reason){ "no drop-in of privtmp's, and needs none: it has "
					"PrivateTmp= by itself or by DynamicUser=",
					NULL };
	return (struct reason){ "it has no drop-in of privtmp's", "see privtmp unit" };
}

static enum verdict judge_files(const struct unit *u)
{
	if (!is_there(u))
		return VERDICT_NOTHING;
	return (u->file.ours[0] && !is_in_vain(u)) || u->file.private_tmp ||
			       u->file.dynamic_user ?
		       VERDICT_PRIVATE :
		       VERDICT_NOT_PRIVATE;
}

static enum verdict put_processes(struct unit *u)
{
	enum verdict all = u->n ? VERDICT_PRIVATE : judge_files(u);

	if (u->options->json)
		fputs(", \"processes\": [", stdout);
	for (size_t i = 0; i < u->n; i++) {
		enum verdict one;

		if (u->options->json && i)
			fputs(", ", stdout);
		one = status_process(u->options, u->pid[i]);
		/* A process that has ended meanwhile is left out. */
		if (one != VERDICT_NOTHING && all == VERDICT_PRIVATE)
			all = one;
	}
	if (u->options->json)
		putchar(']');
	return all;
}

static enum verdict write_text(struct unit *u, const struct reason *reason)
{
	struct fit fit;

	fit_begin(&fit);
	fprintf(fit.out, "unit %s: %s\n", u->name,
		u->n	    ? "running" :
		is_there(u) ? "not running" :
			      verdict_word(VERDICT_NOTHING));
	if (u->file.ours[0])
		fprintf(fit.out, "  drop-in  %s\n", u->file.ours);
	if (u->file.environment[0])
		fprintf(fit.out,
			"  warning  %s: its LD_PRELOAD wins over the drop-in's\n",
			u->file.environment);
	status_text_reason(fit.out, reason, judge_files(u));
	fit_end(&fit);
	return put_processes(u);
}

static enum verdict write_json(struct unit *u, const struct reason *reason)
{
	enum verdict verdict;

	fputs("{\"kind\": \"unit\"", stdout);
	json_member(stdout, "name", u->name);
	json_member(stdout, "file", u->file.path);
	json_member(stdout, "drop_in", u->file.ours);
	status_json_reason(reason);
	verdict = put_processes(u);
	json_member(stdout, "verdict", verdict_word(verdict));
	putchar('}');
	return verdict;
}

enum verdict status_unit(const struct options *options, const char *name)
{
	static struct unit u;
	struct reason reason;

	memset(&u, 0, sizeof u);
	u.options = options;
	if (!name_unit(options, u.name, sizeof u.name, name))
		snprintf(u.name, sizeof u.name, "%s", name);
	unit_file_read(u.name, options->user, &u.file);
	find_processes(&u);
	reason = reason_of(&u);
	return options->json ? write_json(&u, &reason) : write_text(&u, &reason);
}
