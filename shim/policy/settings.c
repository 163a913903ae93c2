/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is derived from the table of settings; see settings.h. */
#define _GNU_SOURCE
#include "policy/settings.h"
#include "policy/policy.h"

#include <limits.h>
#include <string.h>

#define WORDS_DIRS(argument) NULL
#define WORDS_PATTERNS(argument) NULL
#define WORDS_DIR(argument) NULL
#define WORDS_WORD(argument) argument
#define WORDS_SIZE(argument) NULL

#define OFFSET_DIRS(member) 0
#define OFFSET_PATTERNS(member) 0
#define OFFSET_DIR(member) 0
#define OFFSET_WORD(member) offsetof(struct policy, member)
#define OFFSET_SIZE(member) offsetof(struct policy, member)

#define SETTING_ROW(CONSTANT, member, key, KIND, argument, ...) \
	[SETTING_##CONSTANT] = { key, \
				 "PRIVTMP_" #CONSTANT, \
				 WORDS_##KIND(argument), \
				 KIND_##KIND, \
				 offsetof(struct settings, member), \
				 OFFSET_##KIND(member) },

const struct setting_row policy_settings[SETTINGS] = { SETTINGS_TABLE(SETTING_ROW) };

unsigned setting_list(enum setting key)
{
	unsigned n = 0;

	for (int i = 0; i < (int)key; i++)
		n += setting_is_list((enum setting)i);
	return n;
}

int policy_word(const char *words, const char *at, size_t len)
{
	for (int i = 0;; i++) {
		size_t n = text_until(words, "|");

		if (n == len && !memcmp(words, at, len))
			return i;
		if (!words[n])
			return -1;
		words += n + 1;
	}
}

/* Appends the LEN bytes at TEXT to the string OUT. */
static void add_text(char *out, size_t size, const char *text, size_t len)
{
	size_t n = strlen(out);

	if (n + len >= size)
		len = size - 1 - n;
	memcpy(out + n, text, len);
	out[n + len] = '\0';
}

void policy_say_words(const char *words, char *out, size_t size)
{
	const char *before = "use ";

	*out = '\0';
	for (;;) {
		size_t n = text_until(words, "|");

		add_text(out, size, before, strlen(before));
		add_text(out, size, words, n);
		if (!words[n])
			return;
		words += n + 1;
		before = strchr(words, '|') ? ", " : " or ";
	}
}

static char remedy[SETTING_REMEDY];

const char *setting_remedy(enum setting key)
{
	switch (policy_settings[key].kind) {
	case KIND_DIRS: return "name absolute directories without .., but not /";
	case KIND_PATTERNS: return "name absolute paths";
	case KIND_DIR: return "name an absolute directory without .., but not /";
	case KIND_SIZE:
		return "use a number of bytes, or one with K, M, G or T behind it";
	case KIND_WORD: break;
	}
	policy_say_words(policy_settings[key].words, remedy, sizeof remedy);
	return remedy;
}

#define SETTING_KEY(CONSTANT, member, key, ...) "|" key

const char *settings_remedy(void)
{
	static const char keys[] = SETTINGS_TABLE(SETTING_KEY);

	policy_say_words(keys + 1, remedy, sizeof remedy);
	return remedy;
}

const char *environment_value(char *const *envp, const char *name)
{
	for (; envp && *envp; envp++) {
		const char *behind = text_after(*envp, name);

		if (behind && *behind == '=')
			return behind + 1;
	}
	return NULL;
}

void settings_from_environment(char *const *envp, struct settings *out)
{
	for (int i = 0; i < SETTINGS; i++)
		*settings_member(out, (enum setting)i) =
			environment_value(envp, policy_settings[i].variable);
}

bool settings_meet(const struct settings *s)
{
	return s->scope && policy_word(policy_settings[SETTING_SCOPE].words, s->scope,
				       strlen(s->scope)) == SCOPE_ROOT;
}

bool settings_clash(const struct settings *settings)
{
	/* A confined process reaches no other session. */
	return settings->confine && !strcmp(settings->confine, "yes") &&
	       settings->scope && *settings->scope &&
	       strcmp(settings->scope, "tree") != 0;
}

/* The longest size in digits; so it fits wherever a path does. */
enum { LONGEST = 24 };

bool policy_size(const struct text *text, unsigned long long *bytes)
{
	static const char units[] = "KMGT";
	unsigned long long n = 0;
	unsigned shift = 0;
	size_t i = 0;

	for (; i < text->len && text->at[i] >= '0' && text->at[i] <= '9'; i++) {
		if (n > (ULLONG_MAX - 9) / 10)
			return false;
		n = 10 * n + (unsigned)(text->at[i] - '0');
	}
	if (i == 0 || i + 1 < text->len || text->len > LONGEST)
		return false;
	if (i < text->len) {
		const char *unit = memchr(units, text->at[i], sizeof units - 1);

		if (!unit)
			return false;
		shift = 10 * (unsigned)(unit - units + 1);
	}
	if (n > ULLONG_MAX >> shift)
		return false;
	*bytes = n << shift;
	return true;
}

unsigned long long settings_limit(const struct settings *s)
{
	unsigned long long bytes = 0;

	if (!s->size_limit ||
	    !policy_size(&(struct text){ s->size_limit, strlen(s->size_limit) }, &bytes))
		return 0;
	return bytes;
}

bool policy_element(const char **list, struct text *out)
{
	const char *end = *list;

	if (!end)
		return false;
	/* Not strchrnul(3): a sanitizer's run-time that calls us first has none. */
	while (*end && *end != ':')
		end++;

	*out = (struct text){ *list, (size_t)(end - *list) };
	*list = *end ? end + 1 : NULL;
	return true;
}
