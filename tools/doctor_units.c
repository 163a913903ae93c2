/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp doctor: the drop-ins that privtmp unit has written; see doctor.h. */
#include "doctor.h"
#include "plain.h"
#include "policy/text.h"
#include "preload_list.h"
#include "unit_file.h"
#include "unit_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether one of the libraries that "$LIB" can stand for is at PATH; or PATH itself. */
static bool is_library(const char *path)
{
	static const char *const libs[] = {
		"lib64",
		"lib",
		"lib32",
		"lib/x86_64-linux-gnu",
		"lib/i386-linux-gnu",
		"lib/aarch64-linux-gnu",
		"lib/arm-linux-gnueabihf",
	};
	const char *at = strstr(path, "$LIB");
	char file[PATH_MAX];

	if (!strchr(path, '/'))
		return true; /* ld.so searches for it; doctor_libraries tests that */
	if (!at)
		return access(path, R_OK) == 0;
	for (size_t i = 0; i < sizeof libs / sizeof *libs; i++)
		if (snprintf(file, sizeof file, "%.*s%s%s", (int)(at - path), path,
			     libs[i], at + 4) < PATH_MAX &&
		    access(file, R_OK) == 0)
			return true;
	return false;
}

/* Reads the path of the shim or of privtmp from a LINE of the drop-in. */
static void look_at_line(const char *path, const char *line)
{
	static const char set[] = "Environment=", preload[] = "LD_PRELOAD=",
			  stop[] = "ExecStopPost=-";
	char value[PATH_MAX + 600], word[512], what[600];
	const char *list = NULL;

	if (!strncmp(line, set, sizeof set - 1)) {
		unit_read_word(line + sizeof set - 1, value, sizeof value);
		list = text_after(value, preload);
	}
	if (list) {
		if (!preload_find(list, word, sizeof word)) {
			doctor_say(DOCTOR_PROBLEM, "unit", path,
				   "its LD_PRELOAD does not name the shim",
				   "write it again by privtmp unit --install");
			return;
		}
		snprintf(what, sizeof what, "it names %s, which is not there", word);
		if (!is_library(word))
			doctor_say(DOCTOR_PROBLEM, "unit", path, what,
				   "write it again by privtmp unit --install");
	} else if (!strncmp(line, stop, sizeof stop - 1)) {
		unit_read_word(line + sizeof stop - 1, word, sizeof word);
		snprintf(what, sizeof what, "it runs %s, which is not there", word);
		if (access(word, X_OK) < 0)
			doctor_say(DOCTOR_PROBLEM, "unit", path, what,
				   "write it again by privtmp unit --install");
	}
}

static const char *shim_in_use; /* its path; NULL: there is none */

static void look_at_dropin(void *arg, const char *path, const char *unit)
{
	const bool *user = arg;
	static struct unit_file file;
	char line[8192], what[PATH_MAX + 64];
	FILE *dropin = plain_open(path);

	while (dropin && fgets(line, sizeof line, dropin))
		look_at_line(path, line);
	if (dropin)
		fclose(dropin);
	unit_file_read(unit, *user, &file);
	if (!file.path[0])
		doctor_say(DOCTOR_WARNING, "unit", path, "there is no such unit",
			   "remove it by privtmp unit --remove");
	if (file.environment[0] || file.later[0]) {
		snprintf(what, sizeof what, "the LD_PRELOAD of %s wins over it",
			 file.environment[0] ? file.environment : file.later);
		doctor_say(DOCTOR_PROBLEM, "unit", path, what,
			   "add the shim to it there");
	}
	if (file.unsets)
		doctor_say(DOCTOR_PROBLEM, "unit", path,
			   "UnsetEnvironment= takes LD_PRELOAD from the service",
			   "take that out of the unit, or use PrivateTmp=yes");
	if (shim_in_use && unit_executes_nothing(&file, shim_in_use))
		doctor_say(DOCTOR_PROBLEM, "unit", path,
			   "NoExecPaths= keeps the shim from being loaded",
			   "name it in ExecPaths=, or use PrivateTmp=yes");
	if (shim_in_use && unit_lacks(&file, shim_in_use)) {
		snprintf(what, sizeof what, "the shim is not in the unit's root %s",
			 file.root);
		doctor_say(file.image ? DOCTOR_WARNING : DOCTOR_PROBLEM, "unit", path,
			   what, "use PrivateTmp=yes, or install privtmp in there");
	}
	doctor_say(DOCTOR_FINE, "unit", path, "is there", NULL);
}

void doctor_units(const struct options *options, const struct shim *shim)
{
	bool user = options->user;

	shim_in_use = shim->path[0] ? shim->path : NULL;
	unit_each_dropin(user, look_at_dropin, &user);
}
