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

/* The settings that are looked at. */
enum said_key {
	SAID_SCOPE,
	SAID_CONFINE,
	SAID_KEEP,
	SAID_LIMIT,
	SAID_GUARD,
	SAID_MODE,
	SAIDS
};

/* What outside of sections, or one section, says. */
struct said {
	struct {
		int value; /* a word's number; or whether there is any */
		struct config_place place;
		char file[CONFIG_PATH];
		unsigned order; /* of the line among all */
	} at[SAIDS];
};

struct search {
	bool sections; /* the second turn */
	struct said outside, section;
	/* Whether the configuration has one anywhere: several sections can apply. */
	bool has_root;
	unsigned guard_line; /* the last line of a section that names a directory to guard */
	unsigned lines;
	config_sink *sink;
	void *arg;
};

static void forget(struct said *said)
{
	for (int i = 0; i < SAIDS; i++)
		said->at[i].value = UNSAID;
}

/* What VALUE of KEY says. False: that key is not looked at. */
static bool understand(enum setting key, const struct text *value, enum said_key *said,
		       int *meaning)
{
	const char *words = policy_settings[key].words;
	unsigned long long limit = 0;

	*meaning = words ? policy_word(words, value->at, value->len) : value->len > 0;
	switch (key) {
	case SETTING_SCOPE: *said = SAID_SCOPE; break;
	case SETTING_CONFINE: *said = SAID_CONFINE; break;
	case SETTING_KEEP: *said = SAID_KEEP; break;
	case SETTING_GUARD: *said = SAID_GUARD; break;
	case SETTING_MODE: *said = SAID_MODE; break;
	case SETTING_SIZE_LIMIT:
		*said = SAID_LIMIT;
		*meaning = policy_size(value, &limit) && limit;
		break;
	default: return false;
	}
	return true;
}

static void note(struct search *s, struct said *said, const struct config_place *place,
		 const struct config_line *line)
{
	enum said_key key;
	int value;

	if (!understand(line->key, &line->value, &key, &value))
		return;
	said->at[key].value = value;
	said->at[key].place = *place;
	said->at[key].order = s->lines;
	snprintf(said->at[key].file, sizeof said->at[key].file, "%s", place->file);
}

/* By these settings, V, no session can be made. */
static bool clash_confine(const struct search *s, const int *v)
{
	(void)s;
	return v[SAID_CONFINE] == CONFINE_YES && v[SAID_SCOPE] > SCOPE_TREE;
}

static bool clash_root(const struct search *s, const int *v)
{
	return v[SAID_SCOPE] == SCOPE_ROOT && !s->has_root && v[SAID_MODE] != MODE_OFF;
}

/* An empty guard drops those before it. What comes back is of a section behind it. */
static bool clash_guard(const struct search *s, const int *v)
{
	const unsigned line = s->sections ? s->section.at[SAID_GUARD].order : 0;

	return v[SAID_GUARD] == 0 && s->guard_line <= line && v[SAID_MODE] != MODE_OFF;
}

static bool clash_limit(const struct search *s, const int *v)
{
	(void)s;
	return v[SAID_LIMIT] > 0 && v[SAID_SCOPE] == SCOPE_ROOT;
}

static bool clash_keep(const struct search *s, const int *v)
{
	(void)s;
	return v[SAID_LIMIT] > 0 && v[SAID_KEEP] > KEEP_NEVER;
}

#define KEY(key) (1U << SAID_##key)

static const struct {
	bool (*is_so)(const struct search *s, const int *v);
	unsigned keys; /* of which the part must have one */
	const char *what, *remedy;
} clashes[] = {
	{ clash_confine, KEY(CONFINE) | KEY(SCOPE),
	  "confine = yes goes with scope = tree alone", "leave out one of the two" },
	{ clash_root, KEY(SCOPE), "scope = root is without a root",
	  "name in root = DIR what the programs share" },
	{ clash_guard, KEY(GUARD), "nothing is guarded",
	  "name a directory, too, or write mode = off" },
	{ clash_limit, KEY(LIMIT) | KEY(SCOPE),
	  "a size-limit does not go with scope = root", "leave out one of the two" },
	{ clash_keep, KEY(LIMIT) | KEY(KEEP),
	  "of a session with a size-limit nothing can be kept",
	  "leave out one of the two" },
};

/* Judges SAID, where OUTSIDE completes it. The first mistake is enough. */
static void judge(const struct search *s, struct said *said, const struct said *outside)
{
	struct config_line line = { .kind = CONFIG_WRONG };
	int v[SAIDS];

	for (int i = 0; i < SAIDS; i++)
		v[i] = said->at[i].value == UNSAID ? outside->at[i].value :
						     said->at[i].value;
	for (size_t i = 0; i < sizeof clashes / sizeof *clashes; i++) {
		int last = -1;

		for (int k = 0; k < SAIDS; k++)
			if ((clashes[i].keys & 1U << k) && said->at[k].value != UNSAID &&
			    (last < 0 || said->at[k].order > said->at[last].order))
				last = k;
		if (last < 0 || !clashes[i].is_so(s, v))
			continue;
		line.what = clashes[i].what;
		line.remedy = clashes[i].remedy;
		said->at[last].place.file = said->at[last].file;
		s->sink(s->arg, &said->at[last].place, &line);
		return;
	}
}

static void end_section(struct search *s)
{
	judge(s, &s->section, &s->outside);
	forget(&s->section);
}

static void take_line(void *arg, const struct config_place *place,
		      const struct config_line *line)
{
	struct search *s = arg;

	s->lines++;
	if (line->kind == CONFIG_SETTING && line->value.len) {
		s->has_root |= line->key == SETTING_ROOT;
		if (line->key == SETTING_GUARD && place->section && !s->sections)
			s->guard_line = s->lines;
	}
	if (s->sections && (line->kind == CONFIG_SECTION || !place->section))
		end_section(s);
	if (line->kind == CONFIG_SETTING && place->section == s->sections)
		note(s, s->sections ? &s->section : &s->outside, place, line);
}

void clash_find(const char *file, const char *at, config_sink *sink, void *arg)
{
	static struct search s;
	const struct config config = { .sink = take_line, .arg = &s, .every = true };

	s = (struct search){ .sink = sink, .arg = arg };
	forget(&s.outside);
	forget(&s.section);
	for (int turn = 0; turn < 2; turn++) {
		s.sections = turn;
		s.lines = 0;
		if (file)
			config_read_file(&config, file, at);
		else
			config_read(&config);
		if (turn == 0)
			judge(&s, &s.outside, &s.outside);
	}
	end_section(&s);
}
