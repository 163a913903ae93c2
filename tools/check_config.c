/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp check-config: names each mistake in the configuration. */
#include "clash.h"
#include "policy/config.h"
#include "core/report.h"
#include "preload_list.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_mistake(void *arg, const struct config_place *place,
			const struct config_line *line)
{
	unsigned *mistakes = arg;
	char name[CONFIG_NAME];

	if (line->kind != CONFIG_WRONG)
		return;
	report(config_name(place, name, sizeof name), line->what, place->error,
	       line->remedy);
	++*mistakes;
}

/* A name without a slash is loaded into fewer programs than expected. */
static void check_word(void *arg, const char *word, unsigned line)
{
	unsigned *bare = arg;

	(void)line;
	*bare |= !strcmp(word, PRELOAD_SHIM);
}

/* What loads the shim into every program is set there alone. */
static unsigned check_preload(void)
{
	unsigned bare = 0;

	preload_each(check_word, &bare);
	if (bare)
		report(PRELOAD_FILE,
		       PRELOAD_SHIM " without its directory is not loaded into "
				    "set-user-ID programs",
		       0, "write its full path, or /usr/$LIB/" PRELOAD_SHIM);
	return bare;
}

int tool_check_config(const struct options *options, int argc, char **argv)
{
	unsigned mistakes = 0;
	const struct config config = {
		.sink = say_mistake,
		.arg = &mistakes,
		.every = true,
	};

	(void)options;
	for (int i = 0; i < argc; i++) {
		config_read_file(&config, argv[i]);
		clash_find(argv[i], say_mistake, &mistakes);
	}
	if (argc == 0) {
		config_read(&config);
		clash_find(NULL, say_mistake, &mistakes);
		mistakes += check_preload();
	}
	return mistakes ? 1 : 0;
}
