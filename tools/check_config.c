/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp check-config: names each mistake in the configuration. */
#include "policy/config.h"
#include "core/report.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell(void *arg, const struct config_place *place,
		 const struct config_line *line)
{
	unsigned *mistakes = arg;
	char name[CONFIG_PATH + 24];

	if (line->kind != CONFIG_WRONG)
		return;
	report(config_name(place, name, sizeof name), line->what, place->error,
	       line->remedy);
	++*mistakes;
}

/* Whether the LINE of that file names the shim so that not all programs load it. */
static bool is_bare(const char *line)
{
	static const char separators[] = " \t\n:", name[] = "libprivtmp.so";

	while (*(line += strspn(line, separators)) && *line != '#') {
		size_t len = strcspn(line, separators);

		if (len == sizeof name - 1 && !memcmp(line, name, len))
			return true;
		line += len;
	}
	return false;
}

/* What loads the shim into every program is set there alone. */
static unsigned check_preload(void)
{
	static const char path[] = "/etc/ld.so.preload";
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool bare = false;

	while (file && !bare && getline(&line, &size, file) > 0)
		bare = is_bare(line);
	free(line);
	if (file)
		fclose(file);
	if (bare)
		report(path,
		       "libprivtmp.so without its directory is not loaded into "
		       "set-user-ID programs",
		       0, "write its full path, or /usr/$LIB/libprivtmp.so");
	return bare;
}

int tool_check_config(const struct options *options, int argc, char **argv)
{
	unsigned mistakes = 0;
	const struct config config = {
		.sink = tell,
		.arg = &mistakes,
		.every = true,
	};

	(void)options;
	for (int i = 0; i < argc; i++)
		config_read_file(&config, argv[i]);
	if (argc == 0) {
		config_read(&config);
		mistakes += check_preload();
	}
	return mistakes ? 1 : 0;
}
