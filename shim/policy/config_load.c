/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Turns the configuration's lines into settings; see config_load.h.
 *
 * A section's setting overrides one outside of sections, whichever file comes first. Of
 * two equal ones the last counts. Lists add up.
 */
#include "policy/config_load.h"
#include "core/report.h"
#include "policy/config.h"

#include <errno.h>
#include <string.h>

enum { LIST = 8192 }; /* bytes of a colon list */

enum layer { OUTSIDE, SECTION, ALL };

/* What the settings point to. Not touched where there is no configuration. */
static struct {
	char list[ALL + 1][SETTING_LISTS][LIST];
	char value[ALL][SETTINGS][POLICY_ROOT_MAX + 1];
} room;

static struct {
	struct settings settings[ALL];
	bool wrong;
	char file[CONFIG_PATH];
	struct config_place place;
	const char *what, *remedy;
	char room[SETTING_REMEDY]; /* a copy of the remedy, whose memory is used again */
} loaded;

static void note_mistake(const struct config_place *place, const char *what,
			 const char *remedy)
{
	if (loaded.wrong)
		return;
	loaded.wrong = true;
	loaded.place = *place;
	loaded.place.file = loaded.file;
	strncpy(loaded.file, place->file, sizeof loaded.file - 1);
	loaded.what = what;
	loaded.remedy = remedy ? loaded.room : NULL;
	if (remedy)
		strncpy(loaded.room, remedy, sizeof loaded.room - 1);
}

/* Appends VALUE to the list in OUT. False where it does not fit. */
static bool add_to_list(const char **list, char out[LIST], const struct text *value)
{
	size_t n = *list ? strlen(out) : 0;

	*list = out;
	if (!value->len)
		n = 0;
	if (n + 1 + value->len >= LIST)
		return false;
	if (n || !value->len)
		if (!n || out[n - 1] != ':')
			out[n++] = ':';
	memcpy(out + n, value->at, value->len);
	out[n + value->len] = '\0';
	return true;
}

static void keep_line(void *arg, const struct config_place *place,
		      const struct config_line *line)
{
	const enum layer layer = place->section ? SECTION : OUTSIDE;
	const char **member;
	char *value;

	(void)arg;
	if (line->kind == CONFIG_WRONG) {
		note_mistake(place, line->what, line->remedy);
		return;
	}
	member = settings_member(&loaded.settings[layer], line->key);
	if (setting_is_list(line->key)) {
		if (!add_to_list(member, room.list[layer][setting_list(line->key)],
				 &line->value))
			note_mistake(place, "a list that is too long",
				     "name fewer or shorter paths");
		return;
	}
	value = room.value[layer][line->key];
	text_copy(&line->value, value);
	*member = value;
}

/* Writes the list LOW and then HIGH to OUT. NULL where they do not fit. */
static const char *join_lists(const char *low, const char *high, char out[LIST])
{
	size_t n = low ? strlen(low) : 0, m = high ? strlen(high) : 0;

	if (!low || (high && *high == ':'))
		return high;
	if (!high)
		return low;
	if (n + 1 + m >= LIST)
		return NULL;
	memmove(out, low, n);
	out[n] = ':';
	memcpy(out + n + 1, high, m + 1);
	return out;
}

/* Fills in from LOW what *HIGH lacks. */
static void put_under(const struct settings *low, struct settings *high)
{
	struct settings under = *low;

	for (int i = 0; i < SETTINGS; i++) {
		const char **member = settings_member(high, (enum setting)i);
		const char *below = *settings_member(&under, (enum setting)i);
		const char *joined;

		if (!setting_is_list((enum setting)i)) {
			if (!*member)
				*member = below;
			continue;
		}
		joined = join_lists(below, *member,
				    room.list[ALL][setting_list((enum setting)i)]);
		if (!joined && *member)
			note_mistake(&(struct config_place){ .file = CONFIG_FILE },
				     "lists that are too long", "name fewer paths");
		*member = joined;
	}
}

int config_load(const char *program, struct settings *settings)
{
	const struct config config = { .sink = keep_line, .program = program };

	loaded.wrong = false;
	memset(loaded.settings, 0, sizeof loaded.settings);
	config_read(&config);
	put_under(&loaded.settings[OUTSIDE], &loaded.settings[SECTION]);
	put_under(&loaded.settings[SECTION], settings);
	if (!loaded.wrong)
		return 0;
	/* The other settings may be the mistake. */
	*settings = (struct settings){ .guard = settings->guard, .root = settings->root };
	return -EINVAL;
}

bool config_report(void)
{
	char name[CONFIG_NAME];

	if (!loaded.wrong)
		return false;
	report(config_name(&loaded.place, name, sizeof name), loaded.what,
	       loaded.place.error, loaded.remedy);
	return true;
}
