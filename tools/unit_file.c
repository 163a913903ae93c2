/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a systemd unit; see unit_file.h and systemd.unit(5). */
#include "unit_file.h"
#include "plain.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char unit_mark[] = "# Written by privtmp unit";
const char unit_dropin[] = "privtmp.conf";

/* Where units are, what goes before first. */
static const char *const system_dirs[] = {
	"/etc/systemd/system.control", "/run/systemd/system.control",
	"/run/systemd/transient",      "/run/systemd/generator.early",
	"/etc/systemd/system",	       "/etc/systemd/system.attached",
	"/run/systemd/system",	       "/run/systemd/system.attached",
	"/run/systemd/generator",      "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",     "/lib/systemd/system",
	"/run/systemd/generator.late", NULL,
};
static const char *const user_dirs[] = {
	"/etc/systemd/user",
	"/run/systemd/user",
	"/usr/local/share/systemd/user",
	"/usr/share/systemd/user",
	"/usr/local/lib/systemd/user",
	"/usr/lib/systemd/user",
	"/lib/systemd/user",
	NULL,
};

enum { DIRS = 16, NAMES = 16, DROPINS = 64 };

struct search {
	const char *dirs[DIRS];
	size_t n_dirs;
	char own[PATH_MAX];
	/* By which drop-ins are found: the most specific first. */
	char names[NAMES][256];
	size_t n_names;
};

/* A drop-in; of those with the same name the first one found counts. */
struct dropin {
	char name[256];
	char path[PATH_MAX];
};

struct dropins {
	size_t n;
	struct dropin at[DROPINS];
};

bool unit_directory(bool user, char *out)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (!user)
		strcpy(out, "/etc/systemd/system");
	else if (config && config[0] == '/')
		snprintf(out, PATH_MAX, "%s/systemd/user", config);
	else if (home && home[0] == '/')
		snprintf(out, PATH_MAX, "%s/.config/systemd/user", home);
	else
		return false;
	return true;
}

int unit_is_ours(const char *path)
{
	char line[256] = "";
	FILE *file = plain_open(path);

	if (!file)
		return errno == ENOENT || errno == ENOTDIR ? -1 : 0;
	if (!fgets(line, sizeof line, file))
		line[0] = '\0';
	fclose(file);
	return !strncmp(line, unit_mark, strlen(unit_mark));
}

static void add_name(struct search *s, const char *name, size_t len, const char *end)
{
	if (s->n_names < NAMES)
		snprintf(s->names[s->n_names++], sizeof s->names[0], "%.*s%s", (int)len,
			 name, end);
}

/* a-b@c.service: itself, a-b@.service, a-.service, and all services. */
static void find_names(struct search *s, const char *name)
{
	const char *at = strchr(name, '@'), *end = strrchr(name, '.');
	size_t len;

	if (!end)
		end = name + strlen(name);
	len = (size_t)((at && at < end ? at : end) - name);
	add_name(s, name, strlen(name), "");
	if (at && at < end)
		add_name(s, name, len + 1, end);
	while (len && s->n_names < NAMES - 1)
		if (name[--len] == '-')
			add_name(s, name, len + 1, end);
	add_name(s, end + 1, *end ? strlen(end + 1) : 0, "");
}

static void search_begin(struct search *s, const char *name, bool user)
{
	const char *const *dirs = user ? user_dirs : system_dirs;

	memset(s, 0, sizeof *s);
	if (user && unit_directory(true, s->own))
		s->dirs[s->n_dirs++] = s->own;
	while (*dirs && s->n_dirs < DIRS)
		s->dirs[s->n_dirs++] = *dirs++;
	find_names(s, name);
}

/* Opens the unit itself, or its template. */
static FILE *open_unit(const struct search *s, char path[PATH_MAX])
{
	size_t names = strchr(s->names[0], '@') ? 2 : 1;

	for (size_t n = 0; n < names; n++)
		for (size_t i = 0; i < s->n_dirs; i++) {
			FILE *file;

			snprintf(path, PATH_MAX, "%s/%s", s->dirs[i], s->names[n]);
			file = plain_open(path);
			if (file)
				return file;
		}
	path[0] = '\0';
	return NULL;
}

static void add_dropin(struct dropins *found, const char *dir, const char *name)
{
	size_t len = strlen(name);
	struct dropin *d = &found->at[found->n];

	if (len < 6 || name[0] == '.' || strcmp(name + len - 5, ".conf") != 0 ||
	    found->n == DROPINS)
		return;
	for (size_t i = 0; i < found->n; i++)
		if (!strcmp(found->at[i].name, name))
			return;
	snprintf(d->name, sizeof d->name, "%s", name);
	if (snprintf(d->path, sizeof d->path, "%s/%s", dir, name) < (int)sizeof d->path)
		found->n++;
}

static int compare_names(const void *one, const void *other)
{
	return strcmp(((const struct dropin *)one)->name,
		      ((const struct dropin *)other)->name);
}

/* In the order in which they are read. */
static void find_dropins(const struct search *s, struct dropins *found)
{
	for (size_t n = 0; n < s->n_names; n++)
		for (size_t i = 0; i < s->n_dirs; i++) {
			char dir[PATH_MAX + 300];
			struct dirent *entry;
			DIR *stream;

			snprintf(dir, sizeof dir, "%s/%s.d", s->dirs[i], s->names[n]);
			stream = opendir(dir);
			while (stream && (entry = readdir(stream)))
				add_dropin(found, dir, entry->d_name);
			if (stream)
				closedir(stream);
		}
	qsort(found->at, found->n, sizeof *found->at, compare_names);
}

static bool is_yes(const char *value)
{
	/* Yes, and what later versions know for PrivateTmp=. */
	static const char *const words[] = {
		"1", "yes", "y", "true", "t", "on", "connected", "disconnected",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(value, words[i]))
			return true;
	return false;
}

/* The value of "KEY=" in LINE, or NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(line, key, n) != 0)
		return NULL;
	line += n;
	line += strspn(line, " \t");
	return *line == '=' ? line + 1 + strspn(line + 1, " \t") : NULL;
}

/* The environment's LD_PRELOAD, if this is in it; LATER: the file if it is one. */
static void take_preload(const char *value, const char *later, struct unit_file *out)
{
	static const char name[] = "LD_PRELOAD=";
	bool changed = !*value;

	if (!*value)
		out->preload[0] = '\0';
	for (const char *at = value; (at = strstr(at, name)); at += sizeof name - 1) {
		const char *is = at + sizeof name - 1;

		if (at > value && !strchr(" \t\"'", at[-1]))
			continue;
		snprintf(out->preload, sizeof out->preload, "%.*s",
			 (int)strcspn(is, " \t\"'"), is);
		changed = true;
	}
	if (changed && later)
		snprintf(out->later, sizeof out->later, "%s", later);
}

/* Reads a line with those that continue it, past comments between them; false at the end. */
static bool read_line(FILE *file, char *line, size_t size)
{
	size_t len = 0;

	while (fgets(line + len, (int)(size - len), file)) {
		const char *begins = line + len + strspn(line + len, " \t");

		if (*begins == '#' || *begins == ';') {
			line[len] = '\0';
			continue;
		}
		len += strcspn(line + len, "\n");
		while (len && strchr(" \t\r", line[len - 1]))
			len--;
		line[len] = '\0';
		if (!len || line[len - 1] != '\\' || len + 2 > size)
			return true;
		line[len - 1] = ' ';
	}
	return len > 0;
}

/* Whether the file of variables at PATH has an LD_PRELOAD. */
static bool sets_preload(const char *path)
{
	FILE *file = plain_open(path);
	char line[8192];
	bool sets = false;

	while (file && !sets && read_line(file, line, sizeof line))
		sets = value_of(line + strspn(line, " \t"), "LD_PRELOAD");
	if (file)
		fclose(file);
	return sets;
}

static void take_environment_file(const char *value, struct unit_file *out)
{
	if (!*value)
		out->environment[0] = '\0';
	value += *value == '-';
	if (sets_preload(value))
		snprintf(out->environment, sizeof out->environment, "%s", value);
}

static void take_program(const char *value, struct unit_file *out)
{
	if (!*value)
		out->program[0] = '\0';
	if (out->program[0])
		return;
	value += strspn(value, "@-:+!|");
	snprintf(out->program, sizeof out->program, "%.*s", (int)strcspn(value, " \t"),
		 value);
}

/* An empty value takes back what was said before. */
static void take_root(const char *value, bool image, struct unit_file *out)
{
	if (!*value && out->image != image)
		return;
	snprintf(out->root, sizeof out->root, "%s", value + (*value == '-'));
	out->image = image;
}

/* A list of variables: whether LD_PRELOAD is among them. With a value it is not the shim. */
static void take_unset(const char *value, struct unit_file *out)
{
	static const char name[] = "LD_PRELOAD";

	if (!*value)
		out->unsets = false;
	for (const char *at = value; (at = strstr(at, name)); at++)
		if ((at == value || strchr(" \t\"'", at[-1])) &&
		    strchr(" \t\"'", at[sizeof name - 1]))
			out->unsets = true;
}

/* Adds to LIST (SIZE bytes) of paths; what does not fit is left out. */
static void take_paths(const char *value, char *list, size_t size)
{
	const size_t len = strlen(list);

	if (!*value)
		list[0] = '\0';
	else if (len + strlen(value) + 2 < size)
		snprintf(list + len, size - len, "%s ", value);
}

/* The length of the longest path of LIST that is PATH, or that PATH is below; -1: none. */
static int covers(const char *list, const char *path)
{
	int longest = -1;

	while (*(list += strspn(list, " \t\"'"))) {
		const char *end = list + strcspn(list, " \t\"'");
		const char *at = list + strspn(list, "-+");
		size_t n = strcspn(at, " \t\"'");

		while (n && at[n - 1] == '/')
			n--;
		if (*at == '/' && !strncmp(at, path, n) &&
		    (path[n] == '/' || path[n] == '\0') && (int)n > longest)
			longest = (int)n;
		list = end;
	}
	return longest;
}

bool unit_writes_nothing(const struct unit_file *file, const char *path)
{
	const int written = covers(file->written, path);
	const int read_only = covers(file->read_only, path);

	if (file->private_tmp || file->dynamic_user)
		return false;
	return read_only > written || (file->strict && written < 0);
}

bool unit_executes_nothing(const struct unit_file *file, const char *path)
{
	return covers(file->no_exec, path) > covers(file->executed, path);
}

static void take_line(const char *line, const char *later, struct unit_file *out)
{
	const char *value;

	if ((value = value_of(line, "PrivateTmp")))
		out->private_tmp = is_yes(value);
	else if ((value = value_of(line, "DynamicUser")))
		out->dynamic_user = is_yes(value);
	else if ((value = value_of(line, "Type")))
		out->forking = !strcmp(value, "forking");
	else if ((value = value_of(line, "User")))
		snprintf(out->user, sizeof out->user, "%s", value);
	else if ((value = value_of(line, "NoNewPrivileges")))
		out->new_privileges = !is_yes(value);
	else if ((value = value_of(line, "PAMName")))
		out->new_privileges = *value != '\0';
	else if ((value = value_of(line, "AmbientCapabilities")))
		out->powers = *value != '\0';
	else if ((value = value_of(line, "Delegate")))
		out->powers = is_yes(value);
	else if ((value = value_of(line, "RuntimeDirectoryMode")))
		out->runtime_mode = (unsigned)strtoul(value, NULL, 8);
	else if ((value = value_of(line, "Service")) || (value = value_of(line, "Unit")))
		snprintf(out->starts, sizeof out->starts, "%s", value);
	else if ((value = value_of(line, "Accept")))
		out->accepts = is_yes(value);
	else if ((value = value_of(line, "PIDFile")))
		snprintf(out->pid_file, sizeof out->pid_file, "%s", value);
	else if ((value = value_of(line, "RootDirectory")))
		take_root(value, false, out);
	else if ((value = value_of(line, "RootImage")))
		take_root(value, true, out);
	else if ((value = value_of(line, "Environment")))
		take_preload(value, later, out);
	else if ((value = value_of(line, "EnvironmentFile")))
		take_environment_file(value, out);
	else if ((value = value_of(line, "ExecStart")))
		take_program(value, out);
	else if ((value = value_of(line, "UnsetEnvironment")))
		take_unset(value, out);
	else if ((value = value_of(line, "ProtectSystem")))
		out->strict = !strcmp(value, "strict");
	else if ((value = value_of(line, "ReadWritePaths")))
		take_paths(value, out->written, sizeof out->written);
	else if ((value = value_of(line, "ReadOnlyPaths")) ||
		 (value = value_of(line, "InaccessiblePaths")))
		take_paths(value, out->read_only, sizeof out->read_only);
	else if ((value = value_of(line, "ExecPaths")))
		take_paths(value, out->executed, sizeof out->executed);
	else if ((value = value_of(line, "NoExecPaths")))
		take_paths(value, out->no_exec, sizeof out->no_exec);
}

static void read_file(FILE *file, const char *later, struct unit_file *out)
{
	char line[8192];

	while (read_line(file, line, sizeof line))
		take_line(line + strspn(line, " \t"), later, out);
	fclose(file);
}

void unit_file_read(const char *name, bool user, struct unit_file *out)
{
	static struct dropins dropins;
	static struct search search;
	FILE *file;

	memset(out, 0, sizeof *out);
	dropins.n = 0;
	search_begin(&search, name, user);
	file = open_unit(&search, out->path);
	if (file)
		read_file(file, NULL, out);
	find_dropins(&search, &dropins);
	for (size_t i = 0; i < dropins.n; i++) {
		const struct dropin *d = &dropins.at[i];

		if (unit_is_ours(d->path) == 1) {
			snprintf(out->ours, sizeof out->ours, "%s", d->path);
			continue;
		}
		file = plain_open(d->path);
		if (file)
			read_file(file, strcmp(d->name, unit_dropin) > 0 ? d->path : NULL,
				  out);
	}
}

bool unit_lacks(const struct unit_file *file, const char *library)
{
	char path[2 * PATH_MAX];

	if (!file->root[0])
		return false;
	snprintf(path, sizeof path, "%s%s", file->root, library);
	return file->image || strchr(file->root, '%') || access(path, R_OK) < 0;
}

bool unit_is_masked(const struct unit_file *file)
{
	char real[PATH_MAX];

	return file->path[0] && realpath(file->path, real) && !strcmp(real, "/dev/null");
}

/* Those in DIR, whose entries are "UNIT.d". */
static void each_in(const char *dir,
		    void (*fn)(void *arg, const char *path, const char *unit), void *arg)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		size_t len = strlen(entry->d_name);
		char path[PATH_MAX + 300];

		if (len < 3 || strcmp(entry->d_name + len - 2, ".d") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s/%s", dir, entry->d_name, unit_dropin);
		if (unit_is_ours(path) != 1)
			continue;
		entry->d_name[len - 2] = '\0';
		fn(arg, path, entry->d_name);
	}
	if (stream)
		closedir(stream);
}

void unit_each_dropin(bool user,
		      void (*fn)(void *arg, const char *path, const char *unit),
		      void *arg)
{
	static struct search search;

	search_begin(&search, "", user);
	for (size_t i = 0; i < search.n_dirs; i++) {
		struct stat st;

		/* /lib is /usr/lib on many machines. */
		if (lstat(search.dirs[i], &st) == 0 &&
		    strncmp(search.dirs[i], "/lib/", 5) != 0)
			each_in(search.dirs[i], fn, arg);
	}
}

void unit_each(bool user, void (*fn)(void *arg, const char *name), void *arg)
{
	static struct search search;

	search_begin(&search, "", user);
	for (size_t i = 0; i < search.n_dirs; i++) {
		DIR *stream = opendir(search.dirs[i]);
		struct dirent *entry;

		while (stream && (entry = readdir(stream))) {
			const char *end = strrchr(entry->d_name, '.');

			if (end && (!strcmp(end, ".service") || !strcmp(end, ".socket")))
				fn(arg, entry->d_name);
		}
		if (stream)
			closedir(stream);
	}
}
