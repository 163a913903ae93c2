/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names that a shell completes: of sessions and units; see completion.h. */
#include "completion.h"
#include "core/report.h"
#include "session/root_name.h"
#include "sessions.h"
#include "tool.h"
#include "unit_file.h"

#include <stdio.h>
#include <string.h>

static void put_sessions(void)
{
	struct settings settings;
	const struct query query = { &settings, .seconds = 1 };
	struct sessions sessions;

	settings_from_environment(environ, &settings);
	sessions_find(&query, &sessions);
	for (size_t i = 0; i < sessions.n; i++)
		if (sessions.at[i].state == FOUND_LIVE)
			puts(strrchr(sessions.at[i].root, '/') + sizeof ROOT_BEGIN);
}

static void put_unit(void *arg, const char *name)
{
	char plain[256];

	(void)arg;
	/* Nothing that would mean something to a shell. */
	if (unit_name(name, plain, sizeof plain) && !strcmp(name, plain))
		puts(name);
}

int completion_words(const char *kind)
{
	if (!strcmp(kind, "sessions")) {
		put_sessions();
	} else if (!strcmp(kind, "units") || !strcmp(kind, "user-units")) {
		unit_each(!strcmp(kind, "user-units"), put_unit, NULL);
	} else {
		report(*kind ? kind : "--complete", "unknown kind of word", 0,
		       "use sessions, units or user-units");
		return STATUS_USAGE;
	}
	return options_written(0);
}
