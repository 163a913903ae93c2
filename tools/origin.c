/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where settings come from; see origin.h. */
#include "origin.h"
#include "policy/compose.h"
#include "policy/config.h"
#include "policy/config_load.h"
#include "program.h"
#include "tool.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void origin_program(const char *program, char *out)
{
	static struct program inspected;
	char real[PATH_MAX];

	if (*program && program_inspect(program, &inspected) == 0)
		program = inspected.path;
	snprintf(out, PATH_MAX, "%s", realpath(program, real) ? real : program);
}

bool tool_settings(const struct options *options, const char *program,
		   struct settings *out)
{
	char path[PATH_MAX];

	origin_program(program, path);
	return tool_settings_of(options, path, out);
}

bool tool_settings_of(const struct options *options, const char *executed,
		      struct settings *out)
{
	char real[PATH_MAX];

	*out = options->settings;
	if (config_load(realpath(executed, real) ? real : executed, out) == 0)
		return true;
	config_report();
	return false;
}

/* Whether the TEXT of a line or element equals VALUE. */
static bool is_value(enum setting key, const struct text *text, const char *value)
{
	char plain[PATH_MAX];

	if ((policy_settings[key].kind == KIND_DIRS ||
	     policy_settings[key].kind == KIND_DIR) &&
	    policy_plain_path(text, plain, sizeof plain))
		return !strcmp(plain, value);
	return text_is(text, value);
}

static bool has_value(enum setting key, const char *list, const char *value)
{
	struct text element;

	while (policy_element(&list, &element))
		if (is_value(key, &element, value))
			return true;
	return false;
}

struct search {
	enum setting key;
	const char *value;
	char found[2][CONFIG_NAME]; /* outside of sections; in one */
};

static void search(void *arg, const struct config_place *place,
		   const struct config_line *line)
{
	struct search *s = arg;
	char *found = s->found[place->section];

	if (line->kind != CONFIG_SETTING || line->key != s->key)
		return;
	if (is_value(s->key, &line->value, s->value))
		config_name(place, found, sizeof s->found[0]);
	else if (!line->value.len)
		*found = '\0';
}

void origin_of_setting(const struct options *options, const char *program,
		       enum setting key, const char *value, char *out, size_t size)
{
	const struct setting_row *row = &policy_settings[key];
	const char *variable = environment_value(environ, row->variable);
	const char *tmpdir = environment_value(environ, "TMPDIR");
	struct settings settings = options->settings;
	struct search s = { .key = key, .value = value };
	const struct config config = {
		.sink = search,
		.arg = &s,
		.program = program,
	};

	if (has_value(key, variable, value)) {
		snprintf(out, size, "%s", row->variable);
		return;
	}
	if (has_value(key, *settings_member(&settings, key), value)) {
		snprintf(out, size, "--%s", row->key);
		return;
	}
	config_read(&config);
	if (s.found[1][0] || s.found[0][0])
		snprintf(out, size, "%s", s.found[s.found[1][0] ? 1 : 0]);
	else if (key == SETTING_GUARD && has_value(key, tmpdir, value) &&
		 !has_value(key, policy_default_guard, value))
		snprintf(out, size, "TMPDIR");
	else
		snprintf(out, size, "default");
}
