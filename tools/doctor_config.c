/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp doctor: the configuration, and the directories that it names; see doctor.h. */
#include "doctor.h"
#include "clash.h"
#include "policy/config.h"
#include "program.h"
#include "session/trust.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- Sections -- */

struct section {
	char about[CONFIG_NAME]; /* file and line */
	char pattern[CONFIG_LINE + 1];
	bool magic; /* the pattern has a wildcard */
	unsigned matched, programs;
};

static bool has_magic(const char *text)
{
	return text[strcspn(text, "*?[")] != '\0';
}

static void say(const struct section *s, enum ailment ailment, const char *what,
		const char *remedy)
{
	doctor_say(ailment, "configuration", s->about, what, remedy);
}

/* A path that the pattern, without a wildcard, names. */
static void look_at_named(const struct section *s, const char *path)
{
	static struct program program;
	char what[PATH_MAX + 64], remedy[PATH_MAX + 64], real[PATH_MAX];

	if (program_inspect(path, &program) == 0 && program.script) {
		if (!realpath(program.path, real))
			snprintf(real, sizeof real, "%s", program.path);
		snprintf(what, sizeof what, "%s is a script: what runs is %s", path,
			 real);
		snprintf(remedy, sizeof remedy,
			 "sections go by that; for the script alone: privtmp wrap %s",
			 path);
		say(s, DOCTOR_PROBLEM, what, remedy);
	} else if (realpath(path, real) && strcmp(real, path) != 0) {
		snprintf(what, sizeof what, "%s leads by a link to %s", path, real);
		snprintf(remedy, sizeof remedy, "write [%s]", real);
		say(s, DOCTOR_PROBLEM, what, remedy);
	}
}

static void look_at_path(struct section *s, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return;
	s->matched++;
	/* A directory includes all below it. */
	if (S_ISDIR(st.st_mode) || (st.st_mode & 0111))
		s->programs++;
	if (!s->magic)
		look_at_named(s, path);
}

enum { MATCHES = 4096 }; /* matches of one pattern that are looked at */

/* Looks below DIR for matches of REST, the rest of the pattern, by component. */
static void match(struct section *s, const char *dir, const char *rest)
{
	const size_t len = strcspn(rest, "/");
	char component[CONFIG_LINE + 1], path[PATH_MAX];
	struct dirent *entry;
	DIR *stream;

	snprintf(component, sizeof component, "%.*s", (int)len, rest);
	rest += len + strspn(rest + len, "/");
	if (!has_magic(component)) {
		if (snprintf(path, sizeof path, "%s/%s", dir, component) < PATH_MAX)
			*rest ? match(s, path, rest) : look_at_path(s, path);
		return;
	}
	/* Of what is any number of directories deep, one is looked for at the first. */
	stream = opendir(*dir ? dir : "/");
	while (stream && s->matched < MATCHES && (entry = readdir(stream))) {
		if (fnmatch(component, entry->d_name, FNM_PERIOD) != 0 ||
		    snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) >= PATH_MAX)
			continue;
		*rest ? match(s, path, rest) : look_at_path(s, path);
	}
	if (stream)
		closedir(stream);
}

static void look_at_section(const struct config_place *place, const struct text *pattern)
{
	struct section s = { .matched = 0 };

	config_name(place, s.about, sizeof s.about);
	text_copy(pattern, s.pattern);
	s.magic = has_magic(s.pattern);
	if (s.pattern[0] != '/' || strstr(s.pattern, "**"))
		return; /* for all programs, or for too many to search */
	match(&s, "", s.pattern + 1);
	if (!s.matched)
		say(&s, DOCTOR_WARNING, "no program matches this section",
		    "correct its path, or remove it");
	else if (!s.programs)
		say(&s, DOCTOR_WARNING,
		    "nothing that can be executed matches this section",
		    "correct its path, or remove it");
}

/* -- Directories -- */

/* Whether private directories of all users can be made in DIR. */
static void look_at_root(const char *about, const char *dir)
{
	struct stat st;
	char what[PATH_MAX + 64];
	int ret;

	if (stat(dir, &st) < 0) {
		snprintf(what, sizeof what, "the root %s is not there", dir);
		doctor_say(DOCTOR_PROBLEM, "root", about, what,
			   "create it with mode 1777");
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		snprintf(what, sizeof what, "the root %s is no directory", dir);
		doctor_say(DOCTOR_PROBLEM, "root", about, what, "name one");
		return;
	}
	ret = trust_parents(dir, 0);
	if ((st.st_mode & 0002) && !(st.st_mode & S_ISVTX))
		snprintf(what, sizeof what,
			 "in the root %s everybody can remove what others made", dir);
	else if (ret < 0)
		snprintf(what, sizeof what,
			 "others can exchange the root %s, or a directory above it", dir);
	else
		return;
	doctor_say(DOCTOR_PROBLEM, "root", about, what, "give it to root, and mode 1777");
}

static void look_at_guard(const char *about, const char *dir)
{
	char what[PATH_MAX + 64];
	struct stat st;

	if (stat(dir, &st) < 0)
		snprintf(what, sizeof what, "the guarded directory %s is not there", dir);
	else if (!S_ISDIR(st.st_mode))
		snprintf(what, sizeof what, "the guarded %s is no directory", dir);
	else
		return;
	doctor_say(DOCTOR_WARNING, "root", about, what, "correct its path");
}

static void look_at_setting(const struct config_place *place,
			    const struct config_line *line)
{
	char about[CONFIG_NAME], dir[POLICY_ROOT_MAX + 1];
	unsigned long long limit;

	config_name(place, about, sizeof about);
	if (line->key == SETTING_SIZE_LIMIT && policy_size(&line->value, &limit) && limit)
		doctor_say(DOCTOR_WARNING, "configuration", about,
			   "only privtmp run holds a session to a size: with the library "
			   "alone, guarded paths fail",
			   "start what it is for by privtmp run or wrap");
	if (!policy_plain_path(&line->value, dir, sizeof dir))
		return;
	if (line->key == SETTING_ROOT)
		look_at_root(about, dir);
	else if (line->key == SETTING_GUARD)
		look_at_guard(about, dir);
}

/* Judges a line as it is read. ARG becomes true where it says for all programs what to do. */
static void look_at_line(void *arg, const struct config_place *place,
			 const struct config_line *line)
{
	char about[CONFIG_NAME];

	if (line->kind == CONFIG_SETTING && line->key == SETTING_MODE && !place->section)
		*(bool *)arg = true;
	switch (line->kind) {
	case CONFIG_WRONG:
		doctor_say(DOCTOR_PROBLEM, "configuration",
			   config_name(place, about, sizeof about), line->what,
			   line->remedy);
		break;
	case CONFIG_SECTION: look_at_section(place, &line->value); break;
	case CONFIG_SETTING: look_at_setting(place, line); break;
	default: break;
	}
}

bool doctor_configuration(const struct options *options)
{
	bool says_mode = false;
	const struct config config = {
		.sink = look_at_line,
		.arg = &says_mode,
		.every = true,
	};
	struct settings settings = options->settings;
	char variable[64];

	config_read(&config);
	clash_find(NULL, NULL, look_at_line, &says_mode);
	if (settings.root && *settings.root) {
		snprintf(variable, sizeof variable, "%s",
			 policy_settings[SETTING_ROOT].variable);
		look_at_root(variable, settings.root);
	}
	look_at_guard("by default", "/tmp");
	return says_mode;
}
