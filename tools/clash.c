/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds settings that do not go together; see clash.h.
 *
 * The files are read twice: what is outside of sections also holds for a section that comes
 * before it, or is in a file before it.
 */
#include "clash.h"

#include <stdio.h>

enum { UNSAID = -1 };

/* What outside of sections, or one section, says: the words' numbers. */
struct said {
	int scope, confine;
	char file[CONFIG_PATH];
	struct config_place place; /* of the last of these lines */
};

struct search {
	bool sections; /* the second turn */
	struct said outside, section;
	config_sink *sink;
	void *arg;
};

static const struct said nothing = { .scope = UNSAID, .confine = UNSAID };

static void note(struct said *said, const struct config_place *place,
		 const struct config_line *line)
{
	const char *words = policy_settings[line->key].words;

	if (line->key == SETTING_SCOPE)
		said->scope = policy_word(words, line->value.at, line->value.len);
	else if (line->key == SETTING_CONFINE)
		said->confine = policy_word(words, line->value.at, line->value.len);
	else
		return;
	snprintf(said->file, sizeof said->file, "%s", place->file);
	said->place = *place;
	said->place.file = said->file;
}

/* Judges SAID, where OUTSIDE completes it. */
static void judge(const struct search *s, const struct said *said,
		  const struct said *outside)
{
	const struct config_line line = {
		.kind = CONFIG_WRONG,
		.what = "confine = yes goes with scope = tree alone",
		.remedy = "leave out one of the two",
	};
	const int scope = said->scope == UNSAID ? outside->scope : said->scope;
	const int confine = said->confine == UNSAID ? outside->confine : said->confine;

	if (said->place.file && confine == CONFINE_YES && scope > SCOPE_TREE)
		s->sink(s->arg, &said->place, &line);
}

static void end_section(struct search *s)
{
	judge(s, &s->section, &s->outside);
	s->section = nothing;
}

static void take_line(void *arg, const struct config_place *place,
		      const struct config_line *line)
{
	struct search *s = arg;

	if (s->sections && (line->kind == CONFIG_SECTION || !place->section))
		end_section(s);
	if (line->kind == CONFIG_SETTING && place->section == s->sections)
		note(s->sections ? &s->section : &s->outside, place, line);
}

void clash_find(const char *file, config_sink *sink, void *arg)
{
	struct search s = {
		.outside = nothing,
		.section = nothing,
		.sink = sink,
		.arg = arg,
	};
	const struct config config = { .sink = take_line, .arg = &s, .every = true };

	for (int turn = 0; turn < 2; turn++) {
		s.sections = turn;
		if (file)
			config_read_file(&config, file);
		else
			config_read(&config);
		if (turn == 0)
			judge(&s, &s.outside, &s.outside);
	}
	end_section(&s);
}
