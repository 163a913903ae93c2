/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Showing a session's policy; see policy_show.h. */
#include "policy_show.h"
#include "json.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

/* The setting KEY of POLICY as a word; NULL where it is none, or is not set. */
static const char *value_of(const struct policy *policy, enum setting key, char out[32])
{
	const struct setting_row *row = &policy_settings[key];
	const char *at = (const char *)policy + row->policy, *words = row->words;
	unsigned long long size;
	unsigned n;

	if (row->kind == KIND_SIZE) {
		memcpy(&size, at, sizeof size);
		snprintf(out, 32, "%llu", size);
		return size ? out : NULL;
	}
	if (row->kind != KIND_WORD)
		return NULL;
	memcpy(&n, at, sizeof n);
	while (n-- && words)
		words = strchr(words, '|') ? strchr(words, '|') + 1 : NULL;
	if (words)
		snprintf(out, 32, "%.*s", (int)strcspn(words, "|"), words);
	return words ? out : NULL;
}

void policy_json_guards(FILE *out, const struct policy *policy)
{
	putc('[', out);
	for (unsigned i = 0; policy && i < policy->guards; i++) {
		const struct guard *g = &policy->guard[i];
		char backing[POLICY_BACKING];

		snprintf(backing, sizeof backing, "%.*s%.*s", (int)g->prefix.len,
			 g->prefix.at, (int)g->view.len, g->view.at);
		fputs(i ? ", {\"view\": " : "{\"view\": ", out);
		json_bytes(out, g->view.at, g->view.len);
		fputs(", \"backing\": ", out);
		json_string(out, backing);
		putc('}', out);
	}
	putc(']', out);
}

void policy_json(FILE *out, const struct policy *policy)
{
	char value[32];

	fputs("{\"guards\": ", out);
	policy_json_guards(out, policy);
	fputs(", \"shares\": [", out);
	for (unsigned i = 0; i < policy->shares; i++) {
		fputs(i ? ", " : "", out);
		json_bytes(out, policy->share[i].at, policy->share[i].len);
	}
	putc(']', out);
	for (int i = 0; i < SETTINGS; i++) {
		if (!value_of(policy, (enum setting)i, value))
			continue;
		fprintf(out, ", \"%s\": ", policy_settings[i].key);
		json_string(out, value);
	}
	putc('}', out);
}

static void put_text(FILE *out, const struct text *text)
{
	char *copy = strndup(text->at, text->len);

	if (copy)
		show_put(out, copy);
	free(copy);
}

void policy_text(FILE *out, const struct policy *policy)
{
	char value[32];

	fputs("  guarded  ", out);
	for (unsigned i = 0; i < policy->guards; i++) {
		fputs(i ? ", " : "", out);
		put_text(out, &policy->guard[i].view);
	}
	fputs("\n  shared   ", out);
	for (unsigned i = 0; i < policy->shares; i++) {
		fputs(i ? ", " : "", out);
		put_text(out, &policy->share[i]);
	}
	fputs("\n  policy  ", out);
	for (int i = 0; i < SETTINGS; i++)
		if (value_of(policy, (enum setting)i, value))
			fprintf(out, " %s=%s", policy_settings[i].key, value);
	putc('\n', out);
}
