/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a systemd unit; see unit_file.h. */
#include "unit_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const system_dirs[] = {
	"/etc/systemd/system", "/run/systemd/system",
	"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
	"/lib/systemd/system", NULL,
};
static const char *const user_dirs[] = {
	"/etc/systemd/user", "/run/systemd/user", "/usr/local/lib/systemd/user",
	"/usr/lib/systemd/user", "/lib/systemd/user", NULL,
};

bool unit_directory(bool user, char *out)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (!user)
		strcpy(out, system_dirs[0]);
	else if (config && config[0] == '/')
		snprintf(out, PATH_MAX, "%s/systemd/user", config);
	else if (home && home[0] == '/')
		snprintf(out, PATH_MAX, "%s/.config/systemd/user", home);
	else
		return false;
	return true;
}

/* Opens NAME, or its template, in DIR. */
static FILE *open_in(const char *dir, const char *name, char path[PATH_MAX])
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');
	FILE *file;

	snprintf(path, PATH_MAX, "%s/%s", dir, name);
	file = fopen(path, "re");
	if (!file && at && dot) {
		snprintf(path, PATH_MAX, "%s/%.*s%s", dir,
			 (int)(at + 1 - name), name, dot);
		file = fopen(path, "re");
	}
	return file;
}

static bool is_yes(const char *value)
{
	return !strcmp(value, "yes") || !strcmp(value, "true") ||
	       !strcmp(value, "on") || !strcmp(value, "1");
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

static void take(const char *line, struct unit_file *out)
{
	static const char name[] = "LD_PRELOAD=";
	const char *value;

	if ((value = value_of(line, "PrivateTmp")) ||
	    (value = value_of(line, "DynamicUser"))) {
		out->private_tmp |= is_yes(value);
	} else if ((value = value_of(line, "Environment")) &&
		   (value = strstr(value, name))) {
		value += sizeof name - 1;
		snprintf(out->preload, sizeof out->preload, "%.*s",
			 (int)strcspn(value, " \t\"'"), value);
	} else if ((value = value_of(line, "ExecStart")) && !out->program[0]) {
		value += strspn(value, "@-:+!|");
		snprintf(out->program, sizeof out->program, "%.*s",
			 (int)strcspn(value, " \t"), value);
	}
}

void unit_file_read(const char *name, bool user, struct unit_file *out)
{
	const char *const *dirs = user ? user_dirs : system_dirs;
	char line[4096], own[PATH_MAX];
	FILE *file = NULL;

	memset(out, 0, sizeof *out);
	if (unit_directory(user, own))
		file = open_in(own, name, out->path);
	for (int i = 0; !file && dirs[i]; i++)
		file = open_in(dirs[i], name, out->path);
	if (!file) {
		out->path[0] = '\0';
		return;
	}
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		take(line + strspn(line, " \t"), out);
	}
	fclose(file);
}
