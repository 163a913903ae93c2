/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp check-config: names each mistake in the configuration. */
#include "policy/config.h"
#include "core/report.h"
#include "tool.h"

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

int tool_check_config(const struct options *options, int argc, char **argv)
{
	unsigned mistakes = 0;
	const struct config config = {
		.sink = tell, .arg = &mistakes, .every = true,
	};

	(void)options;
	for (int i = 0; i < argc; i++)
		config_read_file(&config, argv[i]);
	if (argc == 0)
		config_read(&config);
	return mistakes ? 1 : 0;
}
